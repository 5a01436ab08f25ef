#!/bin/sh
# SPDX-License-Identifier: MIT
# libcrypto: openssl, ssh-keygen, the programs that sum up files, and python's
# modules, for each guest.
# libssl is the guest's own, and calls the host's libcrypto.
# usage: crypto.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

crypto=libcrypto.so.3
messages=native
OPENSSL_CONF=/dev/null
export OPENSSL_CONF

# key.pem and certificate.pem, valid for localhost.
identity_make()
{
    need /usr/bin/openssl
    openssl genrsa -out key.pem 2048 2>openssl.err &&
        openssl req -new -x509 -key key.pem -subj /CN=localhost -days 100 \
            -set_serial 5 -addext subjectAltName=DNS:localhost \
            -out certificate.pem 2>>openssl.err || fail "$(cat openssl.err)"
}

openssl_check()
{
    release_set
    identity_make
    data data 200
    key=00112233445566778899aabbccddeeff
    for digest in sha256 sha3-384 ripemd160; do
        three 0 $crypto 50 openssl dgst "-$digest" data
    done
    three 0 $crypto 50 openssl dgst -hmac secret -r data
    three 0 $crypto 50 openssl mac -cipher AES-128-CBC -macopt hexkey:$key \
        -in data CMAC
    for cipher in aes-128-cbc chacha20; do
        three 0 $crypto 50 openssl enc "-$cipher" -K $key$key -iv $key -in data
        cp native.out encrypted
        three 0 $crypto 50 openssl enc -d "-$cipher" -K $key$key -iv $key \
            -in encrypted
        same data thunked.out
    done
    three 0 $crypto 50 openssl enc -aes-256-cbc -pbkdf2 -pass pass:secret \
        -S 0011223344556677 -a -in data
    three 1 $crypto 50 openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:wrong \
        -S 0011223344556677 -in encrypted
    three 0 $crypto 50 openssl kdf -keylen 16 -kdfopt digest:SHA2-256 \
        -kdfopt key:secret -kdfopt salt:salt -kdfopt info:label HKDF
    three 0 $crypto 50 openssl passwd -6 -salt abc secret
    three 0 $crypto 10 openssl prime 1000000007
    three 0 $crypto 50 openssl dgst -sha256 -sign key.pem data
    three 0 $crypto 50 openssl rsa -in key.pem -text -noout
    three 0 $crypto 50 openssl x509 -in certificate.pem -text
    three 0 $crypto 50 openssl asn1parse -in certificate.pem
    three 0 $crypto 50 openssl verify -CAfile certificate.pem certificate.pem
    three 2 $crypto 50 openssl verify -no-CAfile -no-CApath -no-CAstore \
        certificate.pem
    three 0 $crypto 50 openssl cms -sign -signer certificate.pem -binary \
        -inkey key.pem -in data -noattr -nodetach -outform DER
    cp native.out signed
    three 0 $crypto 50 openssl cms -verify -CAfile certificate.pem -inform DER \
        -in signed -binary
    three 0 $crypto 50 openssl list -public-key-algorithms
    three 0 $crypto 50 openssl ciphers -v
    # With the texts of errors, some of them made by libcrypto for its caller.
    three 1 $crypto 10 openssl x509 -in missing.pem
    echo 'no key' >text
    three 1 $crypto 10 openssl rsa -in text
    three 1 $crypto 10 openssl dgst -sha256 -sign key.pem -keyform DER data
}

# What is random is made by the one and checked by the other.
keys_check()
{
    release_set
    program openssl
    identity_make
    echo text >text
    for kind in '-algorithm ed25519' \
        '-algorithm EC -pkeyopt ec_paramgen_curve:P-384' \
        '-algorithm RSA -pkeyopt rsa_keygen_bits:1024'; do
        # shellcheck disable=SC2086 # words
        thunked 0 thunked "$program" genpkey $kind -out made.pem
        host_did thunked $crypto 100
        run 0 native openssl pkey -in made.pem -check -noout
        openssl pkey -in made.pem -pubout -out public.pem || fail "no public key"
        thunked 0 thunked "$program" pkeyutl -sign -rawin -inkey made.pem \
            -in text -out signature
        host_did thunked $crypto 100
        run 0 native openssl pkeyutl -verify -rawin -pubin -inkey public.pem \
            -in text -sigfile signature
        echo another >other
        thunked 1 thunked "$program" pkeyutl -verify -rawin -pubin \
            -inkey public.pem -in other -sigfile signature
    done
    thunked 0 thunked "$program" pkcs12 -export -in certificate.pem \
        -inkey key.pem -passout pass:secret -out made.p12
    run 0 native openssl pkcs12 -in made.p12 -passin pass:secret -noout
    run 1 native openssl pkcs12 -in made.p12 -passin pass:wrong -noout
    thunked 0 thunked "$program" cms -encrypt -aes128 -in text -out made.cms \
        certificate.pem
    run 0 native openssl cms -decrypt -inkey key.pem -in made.cms
    grep -q '^text' native.out || fail "made.cms: $(cat native.out)"
    thunked 0 thunked "$program" req -new -x509 -key key.pem -subj /CN=made \
        -out made.pem
    run 0 native openssl verify -CAfile made.pem made.pem
    # Its numbers are of no interest here.
    thunked 0 thunked "$program" speed -seconds 1 -bytes 1024 -evp aes-128-cbc
    host_did thunked $crypto 1000
    thunked 0 thunked "$program" speed -seconds 1 ecdsap256
    host_did thunked $crypto 200
}

# tls_run SERVER_WAY CLIENT_WAY OPTION...: openssl's own server turns lines round
# and ends after one connection; each way is native or thunked. It takes the
# first port that is free, and the client tries until it is there.
tls_run()
{
    server=$1
    client=$2
    shift 2
    printf 'one line\nanother\nCLOSE\n' >lines
    tries=0
    port=$((20000 + $$ % 10000))
    tls_serve
    until tls_start "$client" s_client -connect "127.0.0.1:$port" -quiet \
        -servername localhost -verify_hostname localhost -verify_return_error \
        -CAfile certificate.pem "$@" >client.out 2>client.err <lines; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] ||
            fail "no connection: $(cat client.out client.err server.err)"
        if grep -q 'already in use' server.err; then
            wait $pid
            port=$((port + 1))
            tls_serve
        elif ! grep -q 'Connection refused' client.err; then
            fail "the client ended: $(cat client.out client.err server.err)"
        fi
        sleep 0.2
    done
    wait $pid || fail "the server ended with $?: $(cat server.out server.err)"
    printf 'enil eno\nrehtona\n' >expected
    same expected client.out
    for side in server client; do
        eval "way=\$$side"
        [ "$way" = native ] || host_did $side $crypto 500
    done
}

tls_serve()
{
    tls_start "$server" s_server -accept "127.0.0.1:$port" -naccept 1 -rev \
        -key key.pem -cert certificate.pem >server.out 2>server.err </dev/null &
    pid=$!
}

# tls_start WAY ARGUMENT...
tls_start()
{
    way=$1
    shift
    if [ "$way" = native ]; then
        timeout -k 5 100 openssl "$@"
    else
        THUNK_LOG=info timeout -k 5 100 "$thunk_run" --qemu "$qemu" \
            ${sysroot:+--sysroot "$sysroot"} "$program" "$@"
    fi
}

tls_check()
{
    release_set
    program openssl
    identity_make
    tls_run native thunked -tls1_3
    tls_run thunked native -tls1_3
    tls_run thunked thunked -tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384
    tls_run thunked thunked -tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256
}

# Both ends in one process, with what calls back.
python_tls_check()
{
    need "$python"
    "$python" -c 'import ssl' || skip "$python has no ssl"
    identity_make
    cat >tls.py <<'PYTHON'
import hashlib, hmac, ssl

for name in sorted(hashlib.algorithms_guaranteed):
    hash = hashlib.new(name, b"text" * 1000)
    copy = hash.copy()
    copy.update(b"more")
    size = (20,) if name.startswith("shake") else ()
    print(name, hash.hexdigest(*size), copy.hexdigest(*size))
print(hashlib.pbkdf2_hmac("sha512", b"pass", b"salt", 2000).hex())
print(hashlib.scrypt(b"pass", salt=b"salt", n=256, r=8, p=1).hex())
print(hmac.new(b"key", b"text", "sha256").hexdigest())
try:
    hashlib.new("none")
except ValueError as error:
    print(error)

said = []
def name_asked(socket, name, context):
    said.append(("name", name))
def password_asked():
    said.append("password")
    return b"unused"

server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server_context.load_cert_chain("certificate.pem", "key.pem", password_asked)
server_context.sni_callback = name_asked
server_context.set_alpn_protocols(["one", "two"])

def run(name, version):
    client_context = ssl.create_default_context(cafile="certificate.pem")
    client_context.maximum_version = version
    client_context.set_alpn_protocols(["two"])
    pipes = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(pipes[0], pipes[1], server_hostname=name)
    server = server_context.wrap_bio(pipes[1], pipes[0], server_side=True)
    waiting = [client, server]
    while waiting:
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                pass
    client.write(b"text" * 4000)
    got = b""
    while len(got) < 16000:
        got += server.read(5000)
    server.write(got[::-1])
    print(client.version(), client.cipher(), client.selected_alpn_protocol(),
          len(client.read(20000)), client.getpeercert()["subject"],
          hashlib.sha256(client.getpeercert(True)).digest_size)
    assert len(client.get_channel_binding()) in (12, 32, 48)

for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
    run("localhost", version)
try:
    run("elsewhere", ssl.TLSVersion.TLSv1_3)
except ssl.SSLCertVerificationError as error:
    print(error.verify_code, error.verify_message)
try:
    server_context.load_cert_chain("tls.py")
except ssl.SSLError as error:
    print(error.library, error.reason)
print(said, ssl.RAND_status(), len(ssl.RAND_bytes(10)))
PYTHON
    run 0 native "$python" tls.py
    emulated 0 emulated "$guest_python" tls.py
    thunked 0 thunked "$guest_python" tls.py
    same_emulated native.out emulated.out
    same native.out thunked.out
    host_did thunked $crypto 5000 100
}

# Debian 12's do it themselves, later ones ask libcrypto.
sums_check()
{
    data data 600
    for kind in md5 sha1 sha224 sha256 sha384 sha512; do
        three 0 $crypto 5 ${kind}sum data
    done
    sha512sum data >list
    three 0 $crypto 5 sha512sum -c list
    echo more >>data
    three 1 $crypto 5 sha512sum -c list
}

ssh_keygen_check()
{
    program ssh-keygen
    need /usr/bin/ssh-keygen
    data data 100
    for kind in 'rsa -b 2048' 'ecdsa -b 384'; do
        rm -f made made.pub ours ours.pub
        # shellcheck disable=SC2086 # words
        thunked 0 thunked "$program" -q -t $kind -a 1 -N secret -C me -f made
        host_did thunked $crypto 20
        run 0 native ssh-keygen -y -P secret -f made
        cut -d ' ' -f 1,2 made.pub >made.key
        cut -d ' ' -f 1,2 native.out >native.key
        same made.key native.key
        # shellcheck disable=SC2086
        run 0 native ssh-keygen -q -t $kind -a 1 -N secret -C me -f ours
        three 0 $crypto 20 ssh-keygen -y -P secret -f ours
        three 0 $crypto 3 ssh-keygen -l -f ours.pub
        three 0 $crypto 3 ssh-keygen -e -m PKCS8 -f ours.pub
        run 0 native ssh-keygen -p -P secret -N '' -f ours
        rm -f data.sig
        thunked 0 thunked "$program" -Y sign -n file -f ours data
        host_did thunked $crypto 20
        echo "me $(cat ours.pub)" >allowed
        cp data input
        three 0 $crypto 20 ssh-keygen -Y verify -n file -I me -f allowed \
            -s data.sig
        echo more >>input
        three 255 $crypto 20 ssh-keygen -Y verify -n file -I me -f allowed \
            -s data.sig
        rm input
    done
}

all_check()
{
    keys_check
    tls_check
    python_tls_check
}

guest_set $crypto
case $what in
qemus_crypto) for_qemus all_check ;;
*) "${what#crypto_}_check" ;;
esac
