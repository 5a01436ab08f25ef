#!/bin/sh
# SPDX-License-Identifier: MIT
# libxml2: xmllint, for each guest, and a program that has it call back.
# usage: xml.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

xml=libxml2.so.2

documents_make()
{
    {
        echo '<?xml version="1.0" encoding="ISO-8859-1"?>'
        echo '<!DOCTYPE r [<!ELEMENT r (a*)><!ELEMENT a (#PCDATA)>'
        echo '<!ATTLIST a i CDATA #REQUIRED><!ENTITY e "text">]>'
        echo '<r>'
        seq 500 | sed 's,.*,<a i="&">\&e; &</a>,'
        echo '</r>'
    } >document.xml
    sed 's/i="20"/j="20"/' document.xml >invalid.xml
    sed 's,<a i="30">,<b>,' document.xml >broken.xml
    cat >schema.xsd <<'XSD'
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r">
<xs:complexType><xs:sequence><xs:element name="a" maxOccurs="500">
<xs:complexType><xs:simpleContent><xs:extension base="xs:string">
<xs:attribute name="i" type="xs:int"/></xs:extension></xs:simpleContent>
</xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
</xs:schema>
XSD
    cat >page.html <<'HTML'
<title>page</title><p>one<p>two<br><img src=x alt="&eacute;"><table><tr><td>cell
HTML
}

xmllint_check()
{
    documents_make
    three 0 $xml 5 xmllint --format document.xml
    three 0 $xml 5 xmllint --valid --noent --encode UTF-8 document.xml
    three 4 $xml 5 xmllint --valid --noout invalid.xml
    three 1 $xml 5 xmllint broken.xml
    three 0 $xml 5 xmllint --recover broken.xml
    three 0 $xml 5 xmllint --xpath 'sum(//a/@i)' document.xml
    three 0 $xml 5 xmllint --xpath '//a[@i mod 100 = 0]' document.xml
    three 10 $xml 5 xmllint --xpath '//none' document.xml
    three 0 $xml 5 xmllint --sax document.xml
    three 0 $xml 1000 xmllint --stream --debug document.xml
    three 0 $xml 5 xmllint --noout --noent --schema schema.xsd document.xml
    three 0 $xml 5 xmllint --html page.html
    three 0 $xml 5 xmllint --c14n document.xml
    three 0 $xml 5 xmllint --debug document.xml
    cp document.xml input
    three 0 $xml 5 xmllint --push --memory -
    printf 'ls r/a[1]\ncat r/a[2]\nxpath count(//a)\nquit\n' >input
    three 0 $xml 5 xmllint --shell document.xml
    rm input
    three 1 $xml 1 xmllint missing.xml
}

calls_check()
{
    [ -e "$bin/xml_calls" ] || skip "xml_calls was not built"
    run 0 native "$bin/xml_calls"
    grep -q 'as much freed as given: 1, at all: 1' native.out ||
        fail "$(cat native.out)"
    emulated 0 emulated "$bin/xml_calls"
    thunked 0 thunked "$bin/xml_calls"
    same_emulated native.out emulated.out
    same native.out thunked.out
    host_did thunked $xml 50 50
}

all_check()
{
    xmllint_check
    calls_check
}

guest_set $xml
case $what in
qemus_xml) for_qemus all_check ;;
*) "${what#xml_}_check" ;;
esac
