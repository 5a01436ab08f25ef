# SPDX-License-Identifier: MIT
"""lxml: a tree, XPath, a stylesheet, and SAX with a target of Python's."""
from lxml import etree

tree = etree.parse("records.xml")
print(len(tree.xpath("//record[@price > 500]")), tree.xpath("sum(//@price)"))
names = {}
for record in tree.getroot():
    names[record.findtext("name")] = names.get(record.findtext("name"), 0) + 1
    record.set("seen", "1")
print(sorted(names.items())[:40])
print(len(etree.tostring(tree, pretty_print=True)))


class Target:
    def __init__(self):
        self.counts = {}

    def start(self, tag, attributes):
        self.counts[tag] = self.counts.get(tag, 0) + 1

    def close(self):
        return self.counts


print(etree.parse("records.xml", etree.XMLParser(target=Target())))
