# SPDX-License-Identifier: MIT
# Counts words, and sorts them by their letters turned round.
words = Hash.new(0)
File.foreach("text") { |line| line.split.each { |word| words[word] += 1 } }
words.sort_by { |word, count| [-count, word.reverse] }.first(200).each do |word, count|
  puts "#{word} #{count}"
end
puts words.keys.map { |word| word.gsub(/[aeiou]+/) { |m| m.upcase } }.sort.join(" ").sum
