/* Queries of words alone, from the words to the best documents of all segments: the twin of what
`look_up`, `alternatives` and `joined` do for one segment after another, by what gather.c, joined.c
and rank.c do for these. */

#include "best.h"
#include "query.h"
#include <stddef.h>

/* Asks what each set is worth, now that it is known how many documents it finds; gives -1 with an
exception set. */
static int query_price(Query *query, PyObject *price)
{
    PyObject *frequencies = PyList_New(query->count), *factors = NULL;
    for (Py_ssize_t n = 0; frequencies && n < query->count; n++) {
        PyObject *each = PyLong_FromLongLong(query->asked[n].frequency);
        if (each)
            PyList_SetItem(frequencies, n, each);
        else
            Py_CLEAR(frequencies);
    }
    if (frequencies)
        factors = PyObject_CallFunctionObjArgs(price, frequencies, NULL);
    Py_XDECREF(frequencies);
    if (factors && !(PyList_Check(factors) && PyList_Size(factors) == query->count))
        PyErr_SetString(PyExc_TypeError, "there is not a factor for each set");
    for (Py_ssize_t n = 0; !PyErr_Occurred() && n < query->count; n++) {
        const float factor = (float)PyFloat_AsDouble(PyList_GetItem(factors, n));
        for (Py_ssize_t at = n; at < query->taken; at += query->count)
            query->finds[at].factor = factor;
    }
    Py_XDECREF(factors);
    return PyErr_Occurred() ? -1 : 0;
}

/* Ranks the documents of a segment that are in any set; gives 0 where the file is wrong, -1 with an
exception set. */
static int rank_in_any(Query *query, Py_ssize_t segment, Tally *tally, int64_t limit,
                       Window *window)
{
    const Array *codes = query->held->arrays + segment * OF_SEGMENT + CODES;
    Find *finds = query->finds + segment * query->count;
    uint8_t *mains = malloc((size_t)query->count + 1);
    Reached *at = malloc(sizeof(Reached) * (size_t)(query->count + 1));
    int right = -1, there = 0;
    if (!mains || !at) {
        PyErr_NoMemory();
        goto done;
    }
    if (best_begin(&tally->best, limit, codes->length, codes->data) < 0)
        goto done;
    Py_ssize_t kept = 0;
    for (Py_ssize_t n = 0; n < query->count; n++) {
        there = query->asked[n].main ? finds[n].length > 0 : there;
        if (there && finds[n].length) {
            finds[kept] = finds[n];
            mains[kept++] = (uint8_t)query->asked[n].main;
        }
    }
    PyThreadState *threads = let_others_for(finds, kept);
    right = see_any(tally, window, finds, mains, kept, (uint32_t)codes->length, at);
    go_on(threads);
done:
    free(mains);
    free(at);
    return right;
}

/* The documents of a segment that are in all sets, ascending; -1 where the file is wrong.

shortest: how many documents a set has at least; out has room for them. lists: one more than there
are sets; marks: as many; to work in. */
static int64_t in_all_sets(const Query *query, Py_ssize_t segment, int64_t count,
                           int64_t shortest, List *lists, uint64_t **marks, uint32_t *out)
{
    const Find *finds = query->finds + segment * query->count;
    void *const *rooms = query->rooms + segment * query->count;
    Py_ssize_t listed = 0, marked = 0;
    int by_lists = 0;
    for (Py_ssize_t n = 0; n < query->count; n++) {
        if (!query->asked[n].main)
            continue;
        if (rooms[n]) {
            marks[marked++] = rooms[n];
        } else {
            by_lists |= finds[n].matching == shortest;
            lists[listed++] = (List){finds[n].docs, 0, finds[n].matching};
        }
    }
    if (by_lists) {
        const int64_t found = in_all(lists, listed, out);
        return all_below(out, found, count) ? keep_marked(out, found, marks, marked) : -1;
    }
    lists[listed] = (List){out, 0, marked_by_all(marks, marked, count, out)};
    /* What is kept is written over what was looked at. */
    return listed ? in_all(lists, listed + 1, out) : lists[0].length;
}

/* Adds what the sets tell of some documents of a segment to their scores; gives 0 where the file is
wrong. */
static int add_sets(const Query *query, Py_ssize_t segment, int64_t count, const Workplace *place,
                    float *scores, const uint32_t *docs, int64_t length)
{
    const Find *finds = query->finds + segment * query->count;
    int right = 1, marking = 0;
    for (Py_ssize_t n = 0; n < query->count; n++)
        marking |= finds[n].deferred;
    for (int64_t n = 0; marking && n < length; n++)
        place->bits[docs[n] >> 6] |= UINT64_C(1) << (docs[n] & 63);
    for (Py_ssize_t n = 0; right && n < query->count; n++) {
        const Find *find = &finds[n];
        if (!find->deferred) {
            add_between(scores, docs, length, find, 0, find->length);
            continue;
        }
        right = add_marked(place->sums, place->bits, (uint32_t)count, docs, length, &find->words);
        for (int64_t k = 0; k < length; k++) {
            const double sum = place->sums[docs[k]];
            place->sums[docs[k]] = 0;
            if (sum > 0)
                scores[k] += score_of(find, (float)sum, docs[k]);
        }
    }
    for (int64_t n = 0; marking && n < length; n++)
        place->bits[docs[n] >> 6] = 0;
    return right;
}

/* Ranks the documents of a segment that are in all sets; the answer is that of `rank_in_any`. */
static int rank_in_all(Query *query, Py_ssize_t segment, Tally *tally, int64_t limit,
                       const Workplace *place)
{
    const Array *codes = query->held->arrays + segment * OF_SEGMENT + CODES;
    const Find *finds = query->finds + segment * query->count;
    int64_t shortest = query->count ? INT64_MAX : 0, words = 0;
    for (Py_ssize_t n = 0; n < query->count; n++) {
        if (query->asked[n].main && finds[n].matching < shortest)
            shortest = finds[n].matching;
        words += finds[n].words.count + 1;
    }
    if (best_begin(&tally->best, limit, shortest, codes->data) < 0)
        return -1;
    if (!shortest)
        return 1;
    const size_t sets = (size_t)query->count;
    List *lists = malloc((sizeof(List) + sizeof(uint64_t *)) * (sets + 1));
    uint32_t *docs = malloc((sizeof(uint32_t) + sizeof(float)) * (size_t)shortest);
    int right = -1;
    if (lists && docs) {
        float *scores = (float *)(docs + shortest);
        PyThreadState *threads = let_others(shortest * words);
        const int64_t found = in_all_sets(query, segment, codes->length, shortest, lists,
                                          (uint64_t **)(lists + sets + 1), docs);
        right = found >= 0;
        if (right) {
            memset(scores, 0, (size_t)found * sizeof(float));
            right = add_sets(query, segment, codes->length, place, scores, docs, found) &&
                    see_all(&tally->best, scores, docs, found, tally->gone, codes->length,
                            &tally->matching);
        }
        go_on(threads);
    } else {
        PyErr_NoMemory();
    }
    free(lists);
    free(docs);
    return right;
}

/* rank_words(segments, sets, all, price, sums, bits, limit)
-> (list of (number, document, score), how many match, how many do not)

The best documents of each segment for sets of words, segment by segment.

segments: held arrays (SEGMENT), of each segment: offsets, documents, frequencies and norms of the
text, those of the title, the codes of the documents' ids, and which are deleted, if any is.
sets: each (Variants of each segment, 0 or 1 for text or title, Extent, whether its documents are hits;
those of the others, which are hits of the set before them, only add to these).
all: whether documents must be in all of the sets whose documents are hits, or in any.
price: is asked once what sets are worth that so many documents hold (lists of numbers).
sums, bits: to work in, 0 everywhere before and after; one for each document. */
static PyObject *rank_words(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 7) {
        PyErr_SetString(PyExc_TypeError, "seven arguments are needed");
        return NULL;
    }
    Query query = {.held = held_of(args[0], SEGMENT), .all = PyObject_IsTrue(args[2])};
    const long long limit = PyLong_AsLongLong(args[6]);
    Array a[2];
    if (!query.held || PyErr_Occurred() || arrays_take(a, args + 4, 2, "=f8 =u8") < 0)
        return NULL;
    const int64_t bits = a[1].length * 64;
    Places *places = malloc(sizeof *places);
    if (!places) {
        PyErr_NoMemory();
        arrays_drop(a, 2);
        return NULL;
    }
    const Workplace place = {a[0].data, a[1].data, a[0].length < bits ? a[0].length : bits,
                             places};
    PyObject *hits = NULL, *answer = NULL;
    Tally tally = {.gone = NULL};
    Window window;
    int right = query_take(&query, args[1]) < 0 ? -1 : 1;
    for (Py_ssize_t s = 0; right > 0 && s < query.held->count; s++)
        for (Py_ssize_t n = 0; right > 0 && n < query.count; n++)
            right = query_read(&query, s, n, &place);
    if (right <= 0 || query_price(&query, args[3]) < 0)
        goto done;
    if (!query.all)
        memset(&window, 0, offsetof(Window, places));
    hits = PyList_New(0);
    for (Py_ssize_t s = 0; hits && right > 0 && s < query.held->count; s++) {
        const Array *gone = query.held->arrays + s * OF_SEGMENT + GONE;
        tally.gone = gone->length ? gone->data : NULL;
        right = query.all ? rank_in_all(&query, s, &tally, limit, &place)
                          : rank_in_any(&query, s, &tally, limit, &window);
        if (right > 0) {
            PyObject *own = best_list(&tally.best, s);
            const Py_ssize_t end = PyList_Size(hits);
            if (!own || PyList_SetSlice(hits, end, end, own) < 0)
                Py_CLEAR(hits);
            Py_XDECREF(own);
        } else {
            free(tally.best.heap);
        }
    }
    if (hits && right > 0)
        answer = Py_BuildValue("(OLL)", hits, (long long)tally.matching, (long long)tally.alike);
done:
    if (!right)
        altered();
    Py_XDECREF(hits);
    free(places);
    query_drop(&query);
    arrays_drop(a, 2);
    return answer;
}
