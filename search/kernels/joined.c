/* Several things at once: the twins of search/joined.py. */

#include "best.h"
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

/* intersect(first, second, ...) -> the documents (uint32) that are in all of some ascending lists,
each at most once in each, as bytes. */
static PyObject *intersect(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    static const char all[] = "u4 u4 u4 u4 u4 u4 u4 u4";
    Array a[8];
    List lists[8];
    if (nargs < 1 || nargs > 8) {
        PyErr_SetString(PyExc_TypeError, "one to eight lists are needed");
        return NULL;
    }
    if (arrays_take(a, args, nargs, all + 3 * (8 - nargs)) < 0)
        return NULL;
    int64_t least = INT64_MAX;
    for (Py_ssize_t n = 0; n < nargs; n++) {
        lists[n] = list_of_docs(a[n].data, a[n].length);
        least = a[n].length < least ? a[n].length : least;
    }
    PyObject *found = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)least * 4);
    if (found) {
        uint32_t *out = (uint32_t *)PyByteArray_AsString(found);
        PyThreadState *others = let_others(least * nargs * 4);
        const int64_t count = in_all(lists, nargs, out);
        go_on(others);
        if (PyByteArray_Resize(found, (Py_ssize_t)count * 4) < 0)
            Py_CLEAR(found);
    }
    arrays_drop(a, nargs);
    return found;
}

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

/* The same of a deferred find; gives 0 where the file is wrong.

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
    if (!add_words(sums, asked, count, &find->words))
        return 0;
    int64_t at = 0;
    for (int64_t n = 0; n < count; n++) {
        at = seek(docs, at, length, asked[n]);
        if (at == length || docs[at] != asked[n])
            return 0; /* they do not ascend */
        if (sums[n] > 0)
            scores[at] += score_of(find, (float)sums[n], asked[n]);
    }
    return 1;
}

/* Adds what finds tell of some documents, ascending and below `count`, to their scores.

sums, few: as many, to work in.
Gives 0 where the file is wrong. */
static int add_finds(float *scores, const uint32_t *docs, int64_t length, const Find *finds,
                     Py_ssize_t count, double *sums, uint32_t *few)
{
    for (Py_ssize_t n = 0; n < count; n++) {
        const Find *find = &finds[n];
        if (!find->deferred) {
            add_between(scores, docs, length, find, 0, find->matching);
            add_between(scores, docs, length, find, find->matching, find->length);
            continue;
        }
        if (!add_deferred(scores, docs, length, find, sums, few))
            return 0;
    }
    return 1;
}

/* Whether all documents of a list are below a number. */
static int all_below(const uint32_t *docs, int64_t length, int64_t count)
{
    int64_t beyond = 0;
    for (int64_t n = 0; n < length; n++)
        beyond += docs[n] >= count;
    return !beyond;
}

/* add_scores(finds, scores, docs, count)

Adds what finds tell of some documents (uint32, ascending) to their scores (float32); count is the
number of documents of the segment. */
static PyObject *add_scores(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "four arguments are needed");
        return NULL;
    }
    const Py_ssize_t count = PyLong_AsSsize_t(args[3]);
    Array a[2];
    if (PyErr_Occurred() || arrays_take(a, args + 1, 2, "=f4 u4") < 0)
        return NULL;
    Finds all;
    double *sums = malloc((sizeof(double) + sizeof(uint32_t)) * (size_t)(a[1].length + 1));
    int right = sums && finds_take(&all, args[0], count) == 0;
    if (right) {
        PyThreadState *others = let_others(a[0].length * 8);
        right = a[0].length == a[1].length &&
                all_below(a[1].data, a[1].length, count) &&
                add_finds(a[0].data, a[1].data, a[1].length, all.finds, all.count, sums,
                          (uint32_t *)(sums + a[1].length));
        go_on(others);
        finds_drop(&all);
    }
    free(sums);
    arrays_drop(a, 2);
    if (PyErr_Occurred())
        return NULL;
    if (!right)
        return sums ? altered() : PyErr_NoMemory();
    Py_RETURN_NONE;
}

/* Takes the best of some scored documents; gives 0 where one is not below `count`. */
static int see_all(Best *best, const float *scores, const uint32_t *docs, int64_t length,
                   const uint8_t *gone, int64_t count, int64_t *live)
{
    for (int64_t n = 0; n < length; n++) {
        if (docs[n] >= count)
            return 0;
        if (gone && gone[docs[n]])
            continue;
        ++*live;
        best_see(best, scores[n], docs[n]);
    }
    return 1;
}

/* Room that `see_in_all` needs, in bytes, for lists of which the shortest is so long. */
static inline size_t room_for(int64_t shortest)
{
    return (size_t)shortest * 20 + 1;
}

/* Takes the best of the documents that are in all of some lists, scored by some finds; gives 0 where
the file is wrong. */
static int see_in_all(Best *best, List *lists, Py_ssize_t wanted, const Find *finds,
                      Py_ssize_t length, int64_t shortest, void *room, const uint8_t *gone,
                      int64_t count, int64_t *live)
{
    /* The sums, behind them the scores, behind them the documents, and room to work in. */
    double *sums = room;
    float *scores = (float *)(sums + shortest);
    uint32_t *docs = (uint32_t *)(scores + shortest);
    const int64_t found = in_all(lists, wanted, docs);
    memset(scores, 0, (size_t)found * sizeof(float));
    return all_below(docs, found, count) &&
           add_finds(scores, docs, found, finds, length, sums, docs + shortest) &&
           see_all(best, scores, docs, found, gone, count, live);
}

/* rank_all(lists, finds, codes, gone, number, limit, type) -> (list of hits, count)

The documents that are in all of some lists (uint32, ascending), the best of them by what finds tell
of them, and how many there are; deleted ones count for nothing. */
static PyObject *rank_all(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 7 || !PyList_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "seven arguments are needed, of which the first is a list");
        return NULL;
    }
    const int deleting = args[3] != Py_None;
    const long long number = PyLong_AsLongLong(args[4]), limit = PyLong_AsLongLong(args[5]);
    const Py_ssize_t wanted = PyList_Size(args[0]);
    Array a[2];
    if (PyErr_Occurred() || !is_row(args[6]) ||
        arrays_take(a, args + 2, 1 + deleting, deleting ? "u4 u1" : "u4") < 0)
        return NULL;
    const Py_ssize_t count = a[0].length;
    const uint8_t *gone = deleting ? a[1].data : NULL;
    PyObject *answer = NULL, *list;
    Py_ssize_t taken = 0;
    int64_t least = INT64_MAX;
    void *room = NULL;
    Finds all = {NULL, 0, NULL};
    Array *held = malloc(sizeof(Array) * (size_t)(wanted + 1));
    List *lists = malloc(sizeof(List) * (size_t)(wanted + 1));
    if (!held || !lists) {
        PyErr_NoMemory();
        goto done;
    }
    for (; taken < wanted; taken++) {
        PyObject *each = PyList_GetItem(args[0], taken);
        if (arrays_take(&held[taken], &each, 1, "u4") < 0)
            goto done;
        lists[taken] = list_of_docs(held[taken].data, held[taken].length);
        least = held[taken].length < least ? held[taken].length : least;
    }
    if (!wanted || (deleting && a[1].length != count)) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
        goto done;
    }
    if (finds_take(&all, args[1], count) < 0)
        goto done;
    room = malloc(room_for(least));
    if (!room) {
        PyErr_NoMemory();
        goto done;
    }
    Best best;
    if (best_begin(&best, limit, least, a[0].data) < 0)
        goto done;
    PyThreadState *others = let_others(least * (wanted + all.count) * 4);
    int64_t live = 0;
    const int right = see_in_all(&best, lists, wanted, all.finds, all.count, least, room, gone,
                                 count, &live);
    go_on(others);
    if (!right) {
        free(best.heap);
        altered();
    } else if ((list = best_list(&best, number, args[6]))) {
        answer = Py_BuildValue("(NL)", list, (long long)live);
    }
done:
    free(room);
    finds_drop(&all);
    if (held)
        arrays_drop(held, taken);
    free(held);
    free(lists);
    arrays_drop(a, 1 + deleting);
    return answer;
}

/* rank_few(scores, docs, codes, gone, number, limit, type) -> (list of hits, count)

The best of some documents (uint32, each once) by their scores (float32), and how many are there;
deleted ones count for nothing. */
static PyObject *rank_few(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 7) {
        PyErr_SetString(PyExc_TypeError, "seven arguments are needed");
        return NULL;
    }
    const int deleting = args[3] != Py_None;
    const long long number = PyLong_AsLongLong(args[4]), limit = PyLong_AsLongLong(args[5]);
    Array a[4];
    if (PyErr_Occurred() || !is_row(args[6]) ||
        arrays_take(a, args, 3 + deleting, deleting ? "f4 u4 u4 u1" : "f4 u4 u4") < 0)
        return NULL;
    const Py_ssize_t length = a[1].length, count = a[2].length;
    PyObject *answer = NULL, *list;
    Best best;
    if (a[0].length != length || (deleting && a[3].length != count)) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
    } else if (best_begin(&best, limit, length, a[2].data) == 0) {
        int64_t live = 0;
        PyThreadState *others = let_others(length);
        const int right = see_all(&best, a[0].data, a[1].data, length,
                                  deleting ? a[3].data : NULL, count, &live);
        go_on(others);
        if (!right) {
            free(best.heap);
            altered();
        } else if ((list = best_list(&best, number, args[6]))) {
            answer = Py_BuildValue("(NL)", list, (long long)live);
        }
    }
    arrays_drop(a, 3 + deleting);
    return answer;
}
