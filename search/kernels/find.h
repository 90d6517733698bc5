/* What adds to the scores of documents: the twin of `Found` in search/found.py. */

#ifndef FIHRIS_SEARCH_FIND_H
#define FIHRIS_SEARCH_FIND_H

#include "postings.h"

/* The words of a set, with the postings of each. */
typedef struct {
    const Postings *postings;
    const Stretch *stretches;
    const double *weights;
    int64_t count;
} Words;

/* One find (`Scored` of one segment). */
typedef struct {
    const uint32_t *docs;
    const Postings *postings; /* or NULL; the documents are those of one word if it is given: */
    Stretch word;
    Array freqs; /* of the documents that are listed: numbers, or float32 */
    const float *norms;
    int64_t length, matching;
    float weight, factor;
    int deferred; /* whether frequencies are those of `words`, read when they are needed, and */
    int complete; /* whether no other document holds any of these */
    Words words;
} Find;

/* How often the document of a place is found: one of the listed documents, or a posting. */
static inline float frequency_at(const Find *find, int64_t place, int64_t *next)
{
    if (find->postings)
        return (float)packed_at(&find->postings->freqs, place, next) * find->weight;
    if (find->freqs.kind == 'f')
        return ((const float *)find->freqs.data)[place];
    return (float)number_at(&find->freqs, place) * find->weight;
}

static inline float score_of(const Find *find, float freq, uint32_t doc)
{
    return freq * find->factor / (freq + find->norms[doc]);
}

/* As `let_others`, where all that is found is read. */
static PyThreadState *let_others_for(const Find *finds, Py_ssize_t count)
{
    int64_t work = 0;
    for (Py_ssize_t n = 0; n < count; n++)
        work += finds[n].length;
    return let_others(work);
}

/* Adds up weight × frequency of the postings of a word in some documents; both ascend. */
static void add_word(double *sums, const uint32_t *wanted, int64_t count, const Postings *postings,
                     Stretch word, double weight)
{
    const Packed *docs = &postings->docs;
    int64_t n = 0, next = 0;
    while (n < count && word.at < word.end) {
        const uint32_t doc = doc_of(docs, &word);
        if (doc < wanted[n]) {
            seek_doc(docs, &word, wanted[n]);
        } else if (doc > wanted[n]) {
            n = seek(wanted, n, count, doc);
        } else {
            sums[n++] += weight * (double)packed_at(&postings->freqs, word.at, &next);
            pass(docs, &word);
        }
    }
}

/* The same for several words. */
static void add_words(double *sums, const uint32_t *wanted, int64_t count, const Words *words)
{
    for (int64_t n = 0; n < words->count; n++)
        add_word(sums, wanted, count, words->postings, words->stretches[n], words->weights[n]);
}

#endif
