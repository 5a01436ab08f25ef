#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the thunks take away from programs.

usage: scan.py LACKS THUNKS... [--folder FOLDER]... [--packages COUNT [--seed N]]

Compares what each thunk in the folders THUNKS exports with the library of its
soname on this machine. What is not there has to be in the file LACKS, and what is
there not. Then reads all ELF files in the folders, or in COUNT packages of the
distribution's that depend on one of these libraries, chosen at random and only
unpacked, and tells which of them need what is lacking.
"""
import argparse
import collections
import fnmatch
import os
import random
import re
import subprocess
import sys
import tempfile

SYMBOL = re.compile(r'^ *\d+: ([0-9a-f]+) +\S+ (\w+) +(\w+) +(\w+).* (\w+) (\S+?)'
                    r'(@@?\S+)?(?: \(\d+\))?$')
EXPORTED = ('GLOBAL', 'WEAK', 'UNIQUE')


def readelf(files, *options):
    """The lines that readelf tells of each file."""
    told = subprocess.run(['readelf', '-W', *options, '--', *files],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, errors='replace', check=False).stdout
    name = files[0]
    for line in told.splitlines():
        if line.startswith('File: '):
            name = line[len('File: '):]
        else:
            yield name, line


def exported(path):
    """name@version of all that a library exports."""
    names = set()
    for _, line in readelf([path], '--dyn-syms'):
        match = SYMBOL.match(line)
        if match is None:
            continue
        _, _, binding, visibility, section, name, version = match.groups()
        if (binding in EXPORTED and visibility in ('DEFAULT', 'PROTECTED')
                and section not in ('UND', 'ABS')):
            names.add(name + (version or '').replace('@@', '@'))
    return names - {'_init', '_fini', '_edata', '_end', '__bss_start'}


def elf_files(folder):
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            try:
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, 'rb') as stream:
                        if stream.read(4) == b'\x7fELF':
                            yield path
            except OSError:
                pass


def needs(files):
    """For each file its sonames and the undefined symbols."""
    sonames, undefined = collections.defaultdict(set), collections.defaultdict(set)
    for start in range(0, len(files), 200):
        for name, line in readelf(files[start:start + 200], '-d', '--dyn-syms'):
            soname = re.search(r'\(NEEDED\).*\[(.*)\]', line)
            if soname is not None:
                sonames[name].add(soname.group(1))
                continue
            match = SYMBOL.match(line)
            if match is not None and match.group(5) == 'UND':
                undefined[name].add(match.group(6)
                                    + (match.group(7) or '').replace('@@', '@'))
    return sonames, undefined


def packages_choose(count, seed, libraries):
    """Names of packages that depend on a package with one of the libraries."""
    owners = set()
    for library in libraries:
        # /lib is a link to /usr/lib; packages name either.
        told = subprocess.run(['dpkg', '-S', library, '/usr' + library],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, check=False)
        owners.update(line.split(':')[0] for line in told.stdout.splitlines())
    available = subprocess.run(['apt-cache', 'dumpavail'], stdout=subprocess.PIPE,
                               text=True, check=True).stdout
    found = set()
    for paragraph in available.split('\n\n'):
        fields = dict(re.findall(r'^(Package|Depends|Section|Architecture): (.*)$',
                                 paragraph, re.MULTILINE))
        wanted = set(re.findall(r'[a-z0-9][a-z0-9+.-]+', fields.get('Depends', '')))
        if (fields.get('Architecture') != 'all' and wanted & owners
                and not fields['Package'].endswith(('-dev', '-dbg', '-dbgsym'))):
            found.add(fields['Package'])
    print(f'{len(found)} packages depend on {len(owners)} packages of the libraries')
    return random.Random(seed).sample(sorted(found), min(count, len(found)))


def packages_scan(names, lacks):
    """Unpacks one after the other."""
    needing, files = [], 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            got = subprocess.run(['apt-get', '-q', 'download', name], cwd=folder,
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True, check=False)
            if got.returncode != 0:
                print(f'{name}: cannot be had: {got.stderr.strip().splitlines()[-1]}')
                continue
            package = os.path.join(folder, os.listdir(folder)[0])
            subprocess.run(['dpkg-deb', '-x', package, folder], check=True)
            found, count = folder_scan(folder, lacks)
            files += count
            needing += [f'{name}: {line[len(folder):]}' for line in found]
    return needing, files


def folder_scan(folder, lacks):
    files = list(elf_files(folder))
    sonames, undefined = needs(files)
    needing = []
    for path in sorted(undefined):
        for soname in sonames[path] & lacks.keys():
            for symbol in sorted(undefined[path] & lacks[soname]):
                needing.append(f'{path}: {soname}: {symbol}')
    return needing, len(files)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('lacks')
    parser.add_argument('thunks', nargs='+')
    parser.add_argument('--folder', action='append', default=[])
    parser.add_argument('--packages', type=int, default=0)
    parser.add_argument('--seed', type=int, default=1)
    arguments = parser.parse_args()

    told = collections.defaultdict(set)
    with open(arguments.lacks, encoding='utf-8') as stream:
        for line in stream:
            words = line.split('#')[0].split()
            if words:
                told[words[0]].add(words[1])

    lacks, bad, count, libraries = collections.defaultdict(set), 0, 0, []
    search = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/usr/lib64']
    thunks = {name: os.path.join(folder, name) for folder in arguments.thunks
              if os.path.isdir(folder) for name in os.listdir(folder)}
    for soname, thunk in sorted(thunks.items()):
        real = [os.path.join(at, soname) for at in search
                if os.path.exists(os.path.join(at, soname))]
        if not re.search(r'\.so\.\d', soname) or not real:
            continue
        libraries.append(real[0])
        names = exported(real[0])
        count += len(names)
        lacks[soname] = names - exported(thunk)
        if not names:
            print(f'{real[0]}: exports nothing that can be read')
            bad += 1
        for name in sorted(lacks[soname]):
            if any(fnmatch.fnmatch(name, one) for one in told[soname]):
                continue
            bad += 1
            print(f'{soname}: {name}: is not in the thunk, nor in the list')
        for name in sorted((names & told[soname]) - lacks[soname]):
            bad += 1
            print(f'{soname}: {name}: is in the list, and in the thunk')
    print(f'{len(libraries)} thunks, {count} symbols, '
          f'{sum(map(len, lacks.values()))} lacking')

    needing, files = [], 0
    for folder in arguments.folder:
        found, number = folder_scan(folder, lacks)
        needing += found
        files += number
    if arguments.packages > 0:
        names = packages_choose(arguments.packages, arguments.seed, libraries)
        found, number = packages_scan(names, lacks)
        needing += found
        files += number
    if files > 0:
        print(f'{files} ELF files, {len(needing)} needs of what is lacking')
    for line in needing:
        print(line)
    if not libraries:
        print('there is no thunk whose library is on this machine')
        return 77
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
