/* A query of words alone: the sets that it asks for, and what is read of them. */

#ifndef FIHRIS_SEARCH_QUERY_H
#define FIHRIS_SEARCH_QUERY_H

#include "marked.h"
#include "places.h"
#include "room.h"
#include "window.h"

/* The arrays of a segment: of each field its postings and norms, and those of the documents. */
enum { NORMS = OF_POSTINGS, OF_FIELD, CODES = 2 * OF_FIELD, LEAST, GONE };

/* What is worked on: a sum and a bit for each document. */
typedef struct {
    double *sums;
    uint64_t *bits;
    int64_t count; /* documents */
    Window *window;
    Room room;
} Workplace;

/* What the documents of a set are: more of what those of the set before it hold, hits, or hits that
are all worth the same. (`Role` in search/promised.py) */
enum { MORE, HITS, EVEN, OF_ROLE };

typedef struct Query Query;

/* A set of words in all segments, how often they stand there adds to scores; or a phrase, which is
given as what is asked of its words. */
typedef struct {
    PyObject *variants; /* for each segment; borrowed */
    Py_ssize_t field, extent;
    int role;
    int64_t frequency;
    Query *phrase;   /* a query for all of its words, or NULL */
    PyObject *among; /* in which documents of each segment, or None for all; borrowed */
} Asked;

/* A query while it is run. */
struct Query {
    const Held *held;
    Postings (*postings)[2]; /* of each segment its two fields */
    Workplace *place;
    Py_ssize_t count; /* sets */
    int all;          /* whether documents must be in all sets whose documents are hits */
    Asked *asked;
    /* Of each set in each segment, segment by segment: */
    Find *finds;
    Array (*words)[2]; /* ids and weights of the set, held */
    uint64_t **marks;  /* a bit for each of its documents, or NULL */
    Py_ssize_t taken;  /* so many of them */
};

static void query_drop(Query *query)
{
    for (Py_ssize_t n = 0; n < query->taken; n++)
        arrays_drop(query->words[n], 2);
    for (Py_ssize_t n = 0; n < query->count; n++)
        if (query->asked[n].phrase)
            query_drop(query->asked[n].phrase);
}

static int query_take(Query *query, PyObject *list);

/* The arrays of a segment. */
static inline const Array *segment_of(const Query *query, Py_ssize_t segment)
{
    return query->held->arrays + segment * OF_SEGMENT;
}

/* Takes a set of words; gives -1 with an exception set. */
static int words_asked(Asked *asked, PyObject *tuple, Py_ssize_t segments)
{
    asked->variants = PyTuple_GetItem(tuple, 0);
    asked->field = PyLong_AsSsize_t(PyTuple_GetItem(tuple, 1));
    asked->extent = PyLong_AsSsize_t(PyTuple_GetItem(tuple, 2));
    asked->role = (int)PyLong_AsLong(PyTuple_GetItem(tuple, 3));
    if (PyErr_Occurred())
        return -1;
    if (asked->field < 0 || asked->field > 1 || asked->extent < 0 || asked->extent > 2 ||
        asked->role < 0 || asked->role >= OF_ROLE || !PyList_Check(asked->variants) ||
        PyList_Size(asked->variants) != segments) {
        PyErr_SetString(PyExc_TypeError, "a set is of words of each segment");
        return -1;
    }
    return 0;
}

/* Takes a phrase; gives -1 with an exception set. */
static int phrase_asked(Asked *asked, PyObject *tuple, const Query *query)
{
    Query *phrase = room_take(&query->place->room, 1, sizeof *phrase);
    if (!phrase)
        return -1;
    *phrase = (Query){
        .held = query->held, .postings = query->postings, .place = query->place, .all = 1};
    asked->phrase = phrase;
    asked->role = HITS;
    asked->among = PyTuple_GetItem(tuple, 1);
    if (query_take(phrase, PyTuple_GetItem(tuple, 0)) < 0)
        return -1;
    int right = phrase->count > 0 && PyList_Check(asked->among);
    for (Py_ssize_t n = 0; right && n < phrase->count; n++)
        right = phrase->asked[n].role == HITS && !phrase->asked[n].phrase &&
                phrase->asked[n].field == phrase->asked[0].field;
    if (!right) {
        PyErr_SetString(PyExc_TypeError, "a phrase is of words of one field");
        return -1;
    }
    asked->field = phrase->asked[0].field;
    return 0;
}

/* Takes a list of sets and phrases; gives -1 with an exception set. */
static int query_take(Query *query, PyObject *list)
{
    if (!PyList_Check(list) || query->held->width != OF_SEGMENT) {
        PyErr_SetString(PyExc_TypeError, "sets come in a list");
        return -1;
    }
    const Py_ssize_t count = PyList_Size(list), all = count * query->held->count;
    Room *room = &query->place->room;
    query->asked = room_take(room, count, sizeof(Asked));
    query->finds = room_take(room, all, sizeof(Find));
    query->words = room_take(room, all, sizeof(*query->words));
    query->marks = room_take(room, all, sizeof(*query->marks));
    if (PyErr_Occurred())
        return -1;
    memset(query->asked, 0, (size_t)count * sizeof(Asked));
    query->count = count;
    for (Py_ssize_t n = 0; n < query->count; n++) {
        PyObject *tuple = PyList_GetItem(list, n);
        const Py_ssize_t size = PyTuple_Check(tuple) ? PyTuple_Size(tuple) : 0;
        if (size != 4 && size != 2) {
            PyErr_SetString(PyExc_TypeError, "a set is a tuple of four, a phrase one of two");
            return -1;
        }
        Asked *asked = &query->asked[n];
        if ((size == 4 ? words_asked(asked, tuple, query->held->count)
                       : phrase_asked(asked, tuple, query)) < 0)
            return -1;
        if (asked->role == EVEN ? !query->all : n == 0 && asked->role == MORE) {
            PyErr_SetString(PyExc_TypeError, "there is nothing that a set adds to");
            return -1;
        }
    }
    return 0;
}

/* Takes hold of the words of a set in a segment, a tuple (ids, weights, layers, exact, matching), and
tells how many of the first are meant and how many of them match; gives -1 with an exception set. */
static int words_take(Array *words, PyObject *tuple, Py_ssize_t extent, int64_t *meant,
                      int64_t *matching)
{
    PyObject *parts[2];
    if (!tuple || !PyTuple_Check(tuple) || PyTuple_Size(tuple) != 5) {
        PyErr_SetString(PyExc_TypeError, "the words of a segment are a tuple of five");
        return -1;
    }
    for (int n = 0; n < 2; n++)
        parts[n] = PyTuple_GetItem(tuple, n);
    const int64_t exact = PyLong_AsLongLong(PyTuple_GetItem(tuple, 3));
    *matching = PyLong_AsLongLong(PyTuple_GetItem(tuple, 4));
    if (PyErr_Occurred() || arrays_take(words, parts, 2, "i8 f8") < 0)
        return -1;
    const int64_t sizes[] = {words[0].length, *matching, exact};
    *meant = sizes[extent];
    if (words[1].length != sizes[0] || *matching < 0 || *matching > sizes[0] || exact < 0 ||
        exact > sizes[0]) {
        arrays_drop(words, 2);
        PyErr_SetString(PyExc_TypeError, "a set has fewer words than it says");
        return -1;
    }
    *matching = *matching < *meant ? *matching : *meant;
    return 0;
}

/* The postings of one word, which are not copied. */
static void find_word(Find *find, const Postings *postings, Stretch word)
{
    find->postings = postings;
    find->word = word;
    find->length = word.end - word.at;
}

/* Gathers the postings of a set of several words; gives 0 where the file is wrong, -1 with an
exception set. */
static int find_gather(Find *find, const Postings *postings, const Stretch *words,
                       const double *weights, int64_t length, int64_t matching, uint32_t count,
                       Workplace *place)
{
    const int64_t core = length_of(words, matching);
    const int64_t total = core + length_of(words + matching, length - matching);
    uint32_t *docs = room_take(&place->room, total, sizeof(uint32_t) + sizeof(float));
    const size_t used = place->room.used;
    uint8_t *bytes = room_take(&place->room, total + 2 * length, 1);
    WordRead *reads = room_take(&place->room, length, sizeof(WordRead));
    if (!docs || !bytes || !reads)
        return -1;
    float *sums = (float *)(docs + total);
    uint8_t *unused = bytes;
    /* Those that match are no more than their postings, and the others come behind. */
    Listed matched = {docs, sums, 0}, others = {docs + core, sums + core, 0};
    PyThreadState *threads = let_others(total);
    for (int64_t n = 0; n < length; n++) {
        const Stretch word = words[n];
        reads[n] = (WordRead){word, word.at, NULL, 0};
        reads[n].bytes = bytes_of(&postings->freqs, word.at, word.end, unused, &reads[n].exceptional);
        unused += word.end - word.at + 2;
    }
    const int right = read_chapters(reads, weights, length, matching, count, postings,
                                    place->window->sums, &matched, &others);
    memmove(docs + matched.count, others.docs, (size_t)others.count * 4);
    memmove(sums + matched.count, others.sums, (size_t)others.count * 4);
    go_on(threads);
    place->room.used = used;
    find->docs = docs;
    find->freqs = (Array){.data = sums, .size = 4, .kind = 'f'};
    find->freqs.length = find->length = matched.count + others.count;
    find->matching = matched.count;
    return right;
}

/* Of a set of several words only which documents match; how often these hold them is read when it is
known which of them count. The answer is that of `find_gather`. */
static int find_mark(Find *find, const Postings *postings, const Stretch *words, int64_t matching,
                     uint32_t count, int main, Workplace *place, uint64_t **marks)
{
    find->deferred = 1;
    if (main && matching == 1) {
        find_word(find, postings, words[0]);
        find->matching = find->length;
        return 1;
    }
    const size_t size = (size_t)words_of_bits(count);
    uint64_t *bits = main ? *marks = room_take(&place->room, (int64_t)size, 8) : place->bits;
    if (!bits)
        return -1;
    PyThreadState *threads = let_others(length_of(words, matching));
    if (main)
        memset(bits, 0, size * 8);
    find->matching = mark_any(bits, count, words, matching, &postings->docs);
    if (!main)
        memset(bits, 0, size * 8);
    go_on(threads);
    return find->matching >= 0;
}

static int query_read(Query *query, Py_ssize_t segment, Py_ssize_t set);

/* Reads in which documents the words of a phrase stand; where they stand there is looked for when it
is known in how many of them that may be (`phrase_read`). The answer is that of
`query_read`. */
static int phrase_mark(Query *query, Py_ssize_t segment, Py_ssize_t set)
{
    const Py_ssize_t at = segment * query->count + set;
    Query *words = query->asked[set].phrase;
    memset(&query->finds[at], 0, sizeof(Find));
    memset(query->words[at], 0, sizeof(*query->words));
    query->marks[at] = NULL;
    query->taken++;
    int right = 1;
    for (Py_ssize_t n = 0; right > 0 && n < words->count; n++)
        right = query_read(words, segment, n);
    return right;
}

/* Reads what a set finds in a segment; gives 0 where the file is wrong, -1 with an exception set. */
static int query_read(Query *query, Py_ssize_t segment, Py_ssize_t set)
{
    const Py_ssize_t at = segment * query->count + set;
    const Array *arrays = segment_of(query, segment);
    Asked *asked = &query->asked[set];
    if (asked->phrase)
        return phrase_mark(query, segment, set);
    const Array *norms = &arrays[asked->field * OF_FIELD + NORMS];
    const Postings *postings = &query->postings[segment][asked->field];
    const Py_ssize_t count = arrays[CODES].length;
    Find *find = &query->finds[at];
    Array *words = query->words[at];
    int64_t meant, matching;
    if (words_take(words, PyList_GetItem(asked->variants, segment), asked->extent, &meant,
                   &matching) < 0)
        return -1;
    memset(find, 0, sizeof *find);
    query->marks[at] = NULL;
    query->taken++;
    if (!meant)
        return 1;
    if (norms->length != count || arrays[LEAST].length != words_of_bits(count) ||
        (arrays[GONE].length && arrays[GONE].length != count))
        return 0;
    const int64_t *ids = words[0].data;
    Stretch *stretches = room_take(&query->place->room, meant, sizeof(Stretch));
    if (!stretches)
        return -1;
    int right = 1;
    for (int64_t n = 0; n < meant; n++)
        prefetch(postings->offsets, ids[n]);
    for (int64_t n = 0; right && n < meant; n++) {
        right = stretch_bounds(postings, ids[n], &stretches[n]);
        if (right)
            prefetch_word(postings, &stretches[n]);
    }
    for (int64_t n = 0; right && n < meant; n++)
        enter_first(&postings->docs, &stretches[n]);
    find->norms = norms->data;
    find->weight = 1;
    if (right <= 0) {
        /* nothing more is read */
    } else if (meant == 1) {
        find_word(find, postings, stretches[0]);
        find->weight = (float)*(const double *)words[1].data;
        find->matching = matching ? find->length : 0;
    } else if (count > query->place->count) {
        PyErr_SetString(PyExc_TypeError, "there is not a sum for each document");
        right = -1;
    } else if (query->all) {
        find->words = (Words){ids, words[1].data, meant, postings, stretches};
        right = find_mark(find, postings, stretches, matching, (uint32_t)count, asked->role != MORE,
                          query->place, &query->marks[at]);
    } else {
        right = find_gather(find, postings, stretches, words[1].data, meant, matching,
                            (uint32_t)count, query->place);
    }
    asked->frequency += find->matching;
    return right;
}

#endif
