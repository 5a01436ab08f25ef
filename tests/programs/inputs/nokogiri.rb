# SPDX-License-Identifier: MIT
# Nokogiri: a tree, XPath, and SAX.
require "nokogiri"
tree = Nokogiri::XML(File.read("records.xml"))
puts tree.xpath("//record[@price > 500]").size
puts tree.root.elements.map { |record| record.at("name").text }.tally.sort.first(20).inspect
class Counter < Nokogiri::XML::SAX::Document
  attr_reader :count
  def start_element(name, attributes = []) = (@count ||= Hash.new(0))[name] += 1
end
counter = Counter.new
Nokogiri::XML::SAX::Parser.new(counter).parse(File.read("records.xml"))
p counter.count
