-- SPDX-License-Identifier: MIT
-- All ways to put nine queens on a board.
local size, found = 9, 0
local columns, up, down = {}, {}, {}
local function place(row)
    if row > size then
        found = found + 1
        return
    end
    for column = 1, size do
        if not (columns[column] or up[row + column] or down[row - column]) then
            columns[column], up[row + column], down[row - column] = true, true, true
            place(row + 1)
            columns[column], up[row + column], down[row - column] = nil, nil, nil
        end
    end
end
place(1)
print(found)
local parts = {}
for line in io.lines("text") do
    for word in line:gmatch("%a+") do parts[#parts + 1] = word:sub(1, 3) end
end
table.sort(parts)
print(#parts, parts[1], parts[#parts // 2], #table.concat(parts))
