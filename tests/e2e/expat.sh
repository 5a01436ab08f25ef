#!/bin/sh
# SPDX-License-Identifier: MIT
# Stock programs with expat, whose work is all in callbacks: natively and
# thunked, the same output; for each guest.
# usage: expat.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

guest_set libexpat.so.1

document_make()
{
    printf '<?xml version="1.0"?>\n'
    printf '<!DOCTYPE r [<!ENTITY e "x&#38;#60;"><!NOTATION n SYSTEM "n">]>\n'
    printf '<r xmlns:p="urn:p">\n'
    i=0
    while [ $i -lt 2000 ]; do
        printf '<a i="%d">&e; text <p:b/><?pi %d?><!-- c --></a>\n' $i $i
        i=$((i + 1))
    done
    printf '</r>\n'
}

xmlwf_check()
{
    need /usr/bin/xmlwf
    release_set
    program xmlwf
    document_make >document.xml
    sed '500s/<a/<b/' document.xml >wrong.xml
    for options in -w -m -c -n '-p -x'; do
        rm -rf native thunked
        mkdir native thunked
        # shellcheck disable=SC2086 # several words are several options
        run 0 native xmlwf $options -d native document.xml
        # shellcheck disable=SC2086
        thunked 0 thunked "$program" $options -d thunked document.xml
        same native.out thunked.out
        same native/document.xml thunked/document.xml
        host_did thunked libexpat.so.1 1 1000
    done
    run 2 native xmlwf wrong.xml
    thunked 2 thunked "$program" wrong.xml
    same native.out thunked.out
}

# Here the program's allocator is used as well, and errors are thrown in
# handlers.
pyexpat_check()
{
    need "$python"
    document_make >document.xml
    cat >parse.py <<'PYTHON'
import xml.parsers.expat as expat
seen = {}
def count(kind):
    def handler(*values):
        seen[kind] = seen.get(kind, 0) + 1
        seen[kind, "last"] = values
        if kind == "pi" and seen[kind] == stop:
            raise ValueError(values)
    return handler
for stop in (0, 1500):
    seen.clear()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = count("start")
    parser.EndElementHandler = count("end")
    parser.CharacterDataHandler = count("text")
    parser.ProcessingInstructionHandler = count("pi")
    parser.CommentHandler = count("comment")
    parser.EntityDeclHandler = count("entity")
    parser.NotationDeclHandler = count("notation")
    parser.StartNamespaceDeclHandler = count("namespace")
    try:
        with open("document.xml", "rb") as file:
            parser.ParseFile(file)
    except ValueError as error:
        print("thrown", error)
    print(sorted(seen.items(), key=str), parser.CurrentLineNumber)
PYTHON
    run 0 native "$python" parse.py
    thunked 0 thunked "$guest_python" parse.py
    same native.out thunked.out
    host_did thunked libexpat.so.1 1 1000
}

both_check()
{
    xmlwf_check
    pyexpat_check
}

case $what in
qemus_expat) for_qemus both_check ;;
*) "${what}_check" ;;
esac
