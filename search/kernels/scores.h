/* Adds what finds tell of a few documents to their scores: the twin of `add_plan` in search/joined.py. */

#ifndef FIHRIS_SEARCH_SCORES_H
#define FIHRIS_SEARCH_SCORES_H

#include "lists.h"

/* Adds the scores of a find's documents from `at` up to `end` to those of some documents; both
ascend. Of a find of one word these are all. */
static void add_between(float *scores, const uint32_t *docs, int64_t length, const Find *find,
                        int64_t at, int64_t end)
{
    const Postings *postings = find->postings;
    List list =
        postings ? (List){NULL, &postings->docs, find->word} : list_of_docs(find->docs, end);
    int64_t next = 0;
    if (!postings)
        list.rest.at = at;
    for (int64_t n = 0; n < length && list.rest.at < list.rest.end; n++)
        if (list_reach(&list, docs[n]))
            scores[n] += score_of(find, frequency_at(find, list.rest.at, &next), docs[n]);
}

/* The same of a deferred find; gives 0 where documents do not ascend.

sums, few: as many, to work in. */
static int add_deferred(float *scores, const uint32_t *docs, int64_t length, const Find *find,
                        double *sums, uint32_t *few)
{
    const uint32_t *asked = docs;
    int64_t count = length;
    if (find->complete) {
        List lists[2] = {list_of_docs(docs, length), list_of_docs(find->docs, find->length)};
        count = in_all(lists, 2, few);
        asked = few;
    }
    memset(sums, 0, (size_t)count * sizeof(double));
    add_words(sums, asked, count, &find->words);
    int64_t at = 0;
    for (int64_t n = 0; n < count; n++) {
        at = seek(docs, at, length, asked[n]);
        if (at == length || docs[at] != asked[n])
            return 0;
        if (sums[n] > 0)
            scores[at] += score_of(find, (float)sums[n], asked[n]);
    }
    return 1;
}

/* Adds what finds tell of some documents, ascending and below a segment's number of documents, to
their scores; gives 0 where they do not ascend.

sums, few: as many, to work in. */
static int add_finds(float *scores, const uint32_t *docs, int64_t length, const Find *finds,
                     Py_ssize_t count, double *sums, uint32_t *few)
{
    for (Py_ssize_t n = 0; n < count; n++) {
        const Find *find = &finds[n];
        if (!find->deferred) {
            add_between(scores, docs, length, find, 0, find->matching);
            add_between(scores, docs, length, find, find->matching, find->length);
        } else if (!add_deferred(scores, docs, length, find, sums, few)) {
            return 0;
        }
    }
    return 1;
}

#endif
