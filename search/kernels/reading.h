/* Reads in which documents of a segment the sets of a query are: all that these hold (listed.h) where
any of the sets is enough, else only which they are (marked.h). */

#ifndef FIHRIS_SEARCH_READING_H
#define FIHRIS_SEARCH_READING_H

#include "listed.h"
#include "query.h"

/* The postings of one word, which are not copied. */
static void find_word(Find *find, const Postings *postings, Stretch word)
{
    find->postings = postings;
    find->word = word;
    find->length = word.end - word.at;
}

/* Gathers the postings of a set of several words; gives 0 where the file is wrong, -1 with an
exception set. */
static int find_gather(Find *find, const Words *words, int64_t matching, uint32_t count,
                       Workplace *place)
{
    const int64_t total = length_of(words->stretches, words->count);
    Listed listed = {.docs = room_take(&place->room, total, sizeof(uint32_t)),
                     .sums = room_take(&place->room, total, sizeof(float))};
    if (!listed.docs || !listed.sums)
        return -1;
    const size_t used = place->room.used;
    const int right = list_set(&listed, &matching, words, count, 0, place->window, &place->room);
    place->room.used = used;
    find->docs = listed.docs;
    find->freqs = (Array){.data = listed.sums, .length = listed.count, .size = 4, .kind = 'f'};
    find->length = listed.count;
    find->matching = matching;
    return right;
}

/* Words that have so many times fewer postings than another one of their set are searched for in it. */
#define RARER 64

/* Of a set of several words only which documents match; how often these hold them is read when it is
known which of them count. The answer is that of `find_gather`.

marks: where these go, or NULL where the documents are only counted.
searched: whether none need be marked where they are soon searched, word by word. */
static int find_mark(Find *find, const Words *words, int64_t matching, uint32_t count,
                     Workplace *place, uint64_t **marks, int searched)
{
    const Packed *docs = &words->postings->docs;
    const Stretch *stretches = words->stretches;
    find->deferred = 1;
    find->words = *words;
    if (marks && matching == 1) {
        find_word(find, words->postings, stretches[0]);
        find->matching = find->length;
        return 1;
    }
    const int64_t size = words_of_bits(count), total = length_of(stretches, matching),
                  longest = longest_of(stretches, matching);
    const int64_t most = matching ? stretches[longest].end - stretches[longest].at : 0;
    if (most && (!marks || searched) && (total - most) * RARER <= most) {
        find->matching =
            count_rare(place->bits, count, stretches, matching, longest, docs);
        return find->matching >= 0;
    }
    uint64_t *bits = marks ? room_take(&place->room, size, sizeof *bits) : place->bits;
    if (!bits)
        return -1;
    PyThreadState *threads = let_others(total);
    if (marks)
        memset(*marks = bits, 0, (size_t)size * sizeof *bits);
    find->matching = mark_any(bits, count, stretches, matching, docs);
    if (!marks)
        memset(bits, 0, (size_t)size * sizeof *bits);
    go_on(threads);
    return find->matching >= 0;
}

/* Reads what a set of words finds in a segment; gives 0 where the file is wrong, -1 with an exception
set. */
static int set_read(Query *query, Py_ssize_t segment, Py_ssize_t set)
{
    const Py_ssize_t at = segment * query->count + set;
    const Array *arrays = segment_of(query, segment);
    Asked *asked = &query->asked[set];
    const Array *norms = &arrays[asked->field * OF_FIELD + NORMS], *own = query->words[at];
    const Postings *postings = &query->postings[segment][asked->field];
    const Py_ssize_t count = arrays[CODES].length;
    Find *find = &query->finds[at];
    int64_t meant, matching;
    if (words_take(query->words[at], PyList_GetItem(asked->variants, segment), asked->extent, &meant,
                   &matching) < 0)
        return -1;
    if (!meant)
        return 1;
    if (norms->length != count || arrays[LEAST].length != words_of_bits(count) ||
        (arrays[GONE].length && arrays[GONE].length != count))
        return 0;
    Stretch *stretches = room_take(&query->place->room, meant, sizeof(Stretch));
    if (!stretches)
        return -1;
    if (!stretches_of(postings, own[0].data, meant, stretches))
        return 0;
    const Words words = {postings, stretches, own[1].data, meant};
    int right = 1;
    find->norms = norms->data;
    find->weight = 1;
    if (meant == 1) {
        find_word(find, postings, stretches[0]);
        find->weight = (float)words.weights[0];
        find->matching = matching ? find->length : 0;
    } else if (count > query->place->count) {
        PyErr_SetString(PyExc_TypeError, "there is not a sum for each document");
        return -1;
    } else if (query->all) {
        right = find_mark(find, &words, matching, (uint32_t)count, query->place,
                          asked->role == MORE ? NULL : &query->marks[at], query->of_phrase);
    } else {
        right = find_gather(find, &words, matching, (uint32_t)count, query->place);
    }
    asked->frequency += find->matching;
    return right;
}

/* Reads what all sets find in a segment, and of phrases in which documents their words stand: where
they stand there is looked for when it is known in how many of them that may be (`phrase_read`). The
answer is that of `set_read`. */
static int segment_read(Query *query, Py_ssize_t segment)
{
    int right = 1;
    for (Py_ssize_t n = 0; right > 0 && n < query->count; n++) {
        Query *phrase = query->asked[n].phrase;
        right = phrase ? segment_read(phrase, segment) : set_read(query, segment, n);
    }
    return right;
}

#endif
