/* A query of words alone: takes hold of its sets of words and its phrases, as search/wordqueries.py
asks for them. */

#ifndef FIHRIS_SEARCH_QUERY_H
#define FIHRIS_SEARCH_QUERY_H

#include "chapter.h"
#include "room.h"

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
    int of_phrase;    /* whether the sets are the words of a phrase */
    Asked *asked;
    /* Of each set in each segment, segment by segment: */
    Find *finds;
    Array (*words)[2]; /* ids and weights, once they are held */
    uint64_t **marks;  /* a bit for each of its documents, or NULL */
};

static void query_drop(Query *query)
{
    for (Py_ssize_t n = 0; n < query->count * query->held->count; n++)
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
    *phrase = (Query){.held = query->held,
                      .postings = query->postings,
                      .place = query->place,
                      .all = 1,
                      .of_phrase = 1};
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
    memset(query->finds, 0, (size_t)all * sizeof(Find));
    memset(query->words, 0, (size_t)all * sizeof(*query->words));
    memset(query->marks, 0, (size_t)all * sizeof(*query->marks));
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

#endif
