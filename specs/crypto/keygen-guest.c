/* SPDX-License-Identifier: MIT
 *
 * The one function of OpenSSL's whose "..." is told by a name: done by the
 * functions that EVP_PKEY_Q_keygen(3) says it stands for.
 */
#include <openssl/core_names.h>
#include <stdarg.h>
#include <strings.h>
#include <thunk/frame.h>

#include "thunk_crypto.h"

THUNK_EXPORT EVP_PKEY *EVP_PKEY_Q_keygen(OSSL_LIB_CTX *libctx,
                                         const char *propq, const char *type,
                                         ...)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(libctx, type, propq);
    OSSL_PARAM parameters[2] = {OSSL_PARAM_construct_end(),
                                OSSL_PARAM_construct_end()};
    EVP_PKEY *key = NULL;
    va_list arguments;
    size_t bits;

    va_start(arguments, type);
    if (strcasecmp(type, "RSA") == 0) {
        bits = va_arg(arguments, size_t);
        parameters[0] =
            OSSL_PARAM_construct_size_t(OSSL_PKEY_PARAM_RSA_BITS, &bits);
    } else if (strcasecmp(type, "EC") == 0) {
        parameters[0] = OSSL_PARAM_construct_utf8_string(
            OSSL_PKEY_PARAM_GROUP_NAME, va_arg(arguments, char *), 0);
    }
    va_end(arguments);
    if (context != NULL && EVP_PKEY_keygen_init(context) > 0 &&
        EVP_PKEY_CTX_set_params(context, parameters) > 0) {
        (void)EVP_PKEY_generate(context, &key);
    }
    EVP_PKEY_CTX_free(context);
    return key;
}
