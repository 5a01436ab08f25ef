// SPDX-License-Identifier: MIT
// Hashes, zlib, and objects: what of it is in a library is libz's and libcrypto's.
const fs = require("fs"), zlib = require("zlib"), crypto = require("crypto");
const text = fs.readFileSync("text");
console.log(zlib.deflateSync(text, {level: 6}).length, zlib.gunzipSync(zlib.gzipSync(text)).equals(text));
console.log(crypto.createHash("sha256").update(text).digest("hex"));
console.log(crypto.pbkdf2Sync("board", "salt", 100000, 32, "sha512").toString("hex"));
const counts = new Map();
for (const word of text.toString().split(/\s+/)) counts.set(word, (counts.get(word) || 0) + 1);
console.log([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 30).join(" "));
