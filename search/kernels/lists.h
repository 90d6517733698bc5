/* The documents that are in all of some ascending lists: the twin of `_in_all` in search/joined.py. */

#ifndef FIHRIS_SEARCH_LISTS_H
#define FIHRIS_SEARCH_LISTS_H

#include "find.h"

/* A list that is intersected with others: of documents, or the postings of a word. */
typedef struct {
    const uint32_t *docs;
    const Packed *packed; /* or NULL */
    Stretch rest;         /* what is still to be looked at */
} List;

static inline List list_of_docs(const uint32_t *docs, int64_t length)
{
    return (List){docs, NULL, {0, length, length, 0}};
}

/* The documents that a find makes matches. */
static inline List list_of(const Find *find)
{
    if (!find->postings)
        return list_of_docs(find->docs, find->matching);
    if (!find->matching)
        return list_of_docs(NULL, 0);
    return (List){NULL, &find->postings->docs, find->word};
}

/* Passes over all documents before `doc`, and says whether the next one is that. */
static inline int list_reach(List *list, uint32_t doc)
{
    Stretch *rest = &list->rest;
    if (list->packed)
        return reach(list->packed, rest, doc);
    rest->at = seek(list->docs, rest->at, rest->end, doc);
    return rest->at < rest->end && list->docs[rest->at] == doc;
}

/* The documents that are in all of some ascending lists; `out` has room for the shortest. */
static int64_t in_all(List *lists, Py_ssize_t count, uint32_t *out)
{
    Py_ssize_t shortest = 0;
    for (Py_ssize_t n = 1; n < count; n++)
        if (length_of(&lists[n].rest, 1) < length_of(&lists[shortest].rest, 1))
            shortest = n;
    const List first = lists[shortest];
    const uint32_t *docs = first.docs;
    if (first.packed) {
        docs_write(first.packed, first.rest, out);
        docs = out; /* what is kept is written over what was looked at */
    }
    int64_t found = 0;
    for (int64_t n = 0; n < length_of(&first.rest, 1); n++) {
        const uint32_t doc = docs[n];
        int everywhere = 1;
        for (Py_ssize_t k = 0; everywhere && k < count; k++)
            everywhere = k == shortest || list_reach(&lists[k], doc);
        if (everywhere)
            out[found++] = doc;
    }
    return found;
}

/* Whether all documents of a list are below a number. */
static int all_below(const uint32_t *docs, int64_t length, int64_t count)
{
    int64_t beyond = 0;
    for (int64_t n = 0; n < length; n++)
        beyond += docs[n] >= count;
    return !beyond;
}

#endif
