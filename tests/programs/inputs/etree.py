# SPDX-License-Identifier: MIT
"""ElementTree, which is expat's callbacks: reads, changes, writes."""
import xml.etree.ElementTree as ElementTree

tree = ElementTree.parse("records.xml")
total = 0
for record in tree.iter("record"):
    total += float(record.get("price"))
    record.set("total", f"{total:.2f}")
    record.find("name").text = record.find("name").text.upper()
print(f"{total:.2f}", len(tree.findall(".//tag")))
tree.write("changed.xml")
for event, element in ElementTree.iterparse("changed.xml"):
    element.clear()
