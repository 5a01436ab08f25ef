/* SPDX-License-Identifier: MIT
 *
 * The headers of libcrypto.so.3, and what it exports for libssl and the openssl
 * program and declares in headers of its own sources (OpenSSL 3.0).
 */
#ifndef THUNK_CRYPTO_H
#define THUNK_CRYPTO_H

/* Others declare more once this was seen. */
#include <openssl/pem.h>

#include <openssl/aes.h>
#include <openssl/asn1t.h>
#include <openssl/async.h>
#include <openssl/blowfish.h>
#include <openssl/camellia.h>
#include <openssl/cast.h>
#include <openssl/cmac.h>
#include <openssl/cmp.h>
#include <openssl/cms.h>
#include <openssl/comp.h>
#include <openssl/ct.h>
#include <openssl/decoder.h>
#include <openssl/des.h>
#include <openssl/encoder.h>
#include <openssl/engine.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/md4.h>
#include <openssl/md5.h>
#include <openssl/modes.h>
#include <openssl/ocsp.h>
#include <openssl/param_build.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rc2.h>
#include <openssl/rc4.h>
#include <openssl/ripemd.h>
#include <openssl/seed.h>
#include <openssl/self_test.h>
#include <openssl/srp.h>
#include <openssl/store.h>
#include <openssl/ts.h>
#include <openssl/txt_db.h>
#include <openssl/whrlpool.h>

/* Since 3.2 and 3.4. */
#if __has_include(<openssl/hpke.h>)
#include <openssl/hpke.h>
#include <openssl/thread.h>
#endif
#if __has_include(<openssl/indicator.h>)
#include <openssl/indicator.h>
#include <openssl/x509_acert.h>
#endif

/* crypto/asn1.h, crypto/err.h */
int asn1_d2i_read_bio(BIO *in, BUF_MEM **pb);
void err_free_strings_int(void);

/* internal/sslconf.h */
typedef struct ssl_conf_cmd_st SSL_CONF_CMD;
const SSL_CONF_CMD *conf_ssl_get(size_t idx, const char **name, size_t *cnt);
int conf_ssl_name_find(const char *name, size_t *idx);
void conf_ssl_get_cmd(const SSL_CONF_CMD *cmd, size_t idx, char **cmdstr,
                      char **arg);

/* internal/o_dir.h */
typedef struct OPENSSL_dir_context_st OPENSSL_DIR_CTX;
const char *OPENSSL_DIR_read(OPENSSL_DIR_CTX **ctx, const char *directory);
int OPENSSL_DIR_end(OPENSSL_DIR_CTX **ctx);

#endif
