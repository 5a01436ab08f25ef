/* SPDX-License-Identifier: MIT
 * What libxml2 calls back, what it is called by, and whose memory it is; prints
 * the same whoever does the library. */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlreader.h>
#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char text[] =
    "<r a='1'><b>one</b><b>two &amp; three</b><!-- c --></r>";

static long n_given, n_taken;

static void *count_malloc(size_t size)
{
    n_given++;
    return malloc(size);
}

static void count_free(void *memory)
{
    n_taken += memory != NULL;
    free(memory);
}

static void *count_realloc(void *memory, size_t size)
{
    n_given += memory == NULL;
    return realloc(memory, size);
}

static char *count_strdup(const char *string)
{
    n_given++;
    return strdup(string);
}

/* printf-like, as most of what libxml2 has to say is. */
static void said(void *context, const char *format, ...)
{
    char line[200];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    printf("%s: %s", (const char *)context, line);
}

static void structured(void *context, xmlErrorPtr error)
{
    printf("%s: %d.%d line %d: %s", (const char *)context, error->domain,
           error->code, error->line, error->message);
}

static void start(void *context, const xmlChar *name, const xmlChar **pairs)
{
    printf("start %s%s%s\n", name, pairs == NULL ? "" : " with ",
           pairs == NULL ? "" : (const char *)pairs[1]);
    ++*(int *)context;
}

static void characters(void *context, const xmlChar *at, int length)
{
    printf("text %.*s\n", length, at);
    ++*(int *)context;
}

static int from_text(void *context, char *buffer, int size)
{
    const char **at = context;
    int length = size < 7 ? size : 7;

    length = (int)strlen(*at) < length ? (int)strlen(*at) : length;
    memcpy(buffer, *at, (size_t)length);
    *at += length;
    return length;
}

static int to_output(void *context, const char *buffer, int length)
{
    return (int)fwrite(buffer, 1, (size_t)length, context);
}

static int closed(void *context)
{
    printf("closed %d\n", context != NULL);
    return 0;
}

static void twice(xmlXPathParserContextPtr context, int n_arguments)
{
    double value = n_arguments == 1 ? xmlXPathPopNumber(context) : 0;

    xmlXPathReturnNumber(context, 2 * value);
}

static void documents(void)
{
    xmlDocPtr document = xmlReadMemory(text, sizeof(text) - 1, "a", NULL, 0);
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    xmlXPathObjectPtr found;
    const char *at = text;
    xmlChar *dumped;
    int size;

    xmlNewChild(xmlDocGetRootElement(document), NULL, BAD_CAST "new",
                BAD_CAST "child");
    xmlDocDumpMemory(document, &dumped, &size);
    printf("%d %s", size, dumped);
    xmlFree(dumped); /* a variable of the library's */
    dumped = xmlGetProp(xmlDocGetRootElement(document), BAD_CAST "a");
    printf("a=%s\n", dumped);
    xmlFree(dumped);
    dumped = BAD_CAST xmlMemStrdup("copied");
    printf("%s\n", dumped);
    xmlFree(dumped);
    xmlXPathRegisterFunc(context, BAD_CAST "twice", twice);
    found = xmlXPathEval(BAD_CAST "twice(count(//b))", context);
    printf("%g %d\n", found->floatval, xmlXPathIsNaN(xmlXPathNAN));
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    xmlDocDump(stdout, document);
    xmlSaveFormatFileTo(
        xmlOutputBufferCreateIO(to_output, closed, stdout, NULL), document,
        NULL, 1);
    xmlFreeDoc(document);
    document = xmlReadIO(from_text, closed, &at, NULL, NULL, 0);
    printf("%s\n", xmlDocGetRootElement(document)->name);
    xmlFreeDoc(document);
}

static void events(void)
{
    xmlSAXHandler handler = {
        .startElement = start, .characters = characters, .error = said};
    int count = 0;
    int status =
        xmlSAXUserParseMemory(&handler, &count, text, (int)sizeof(text) - 1);
    xmlTextReaderPtr reader =
        xmlReaderForMemory(text, (int)sizeof(text) - 1, NULL, NULL, 0);

    printf("%d events, status %d\n", count, status);
    while (xmlTextReaderRead(reader) == 1) {
        printf("%d %s\n", xmlTextReaderNodeType(reader),
               xmlTextReaderConstName(reader));
    }
    xmlFreeTextReader(reader);
}

static void errors(void)
{
    static const char wrong[] = "<r><b></r>";

    xmlSetGenericErrorFunc((void *)"generic", said);
    xmlFreeDoc(xmlReadMemory(wrong, sizeof(wrong) - 1, "w", NULL, 0));
    xmlGenericError(xmlGenericErrorContext, "from %s, %d\n", "the program", 7);
    xmlSetStructuredErrorFunc((void *)"structured", structured);
    xmlFreeDoc(xmlReadMemory(wrong, sizeof(wrong) - 1, "w", NULL, 0));
    xmlSetStructuredErrorFunc(NULL, NULL);
    xmlSetGenericErrorFunc(NULL, NULL);
    printf("last: %d\n", xmlGetLastError()->code);
}

int main(void)
{
    documents();
    events();
    errors();
    xmlCleanupParser();
    if (xmlMemSetup(count_free, count_malloc, count_realloc, count_strdup) !=
        0) {
        return 1;
    }
    documents();
    xmlCleanupParser();
    printf("as much freed as given: %d, at all: %d\n", n_given == n_taken,
           n_given > 20);
    return 0;
}
