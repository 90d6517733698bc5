/* Queries of words alone, from the words to the best documents of all segments, which
search/wordqueries.py asks for: the twin of what `look_up`, `alternatives` and `joined` do for one
segment after another. */

#include "ranking.h"
#include "reading.h"

/* How many documents each set finds, as a list; of a phrase each of its words. NULL with an exception
set where there is no memory. */
static PyObject *query_frequencies(const Query *query)
{
    PyObject *frequencies = PyList_New(query->count);
    for (Py_ssize_t n = 0; frequencies && n < query->count; n++) {
        const Asked *asked = &query->asked[n];
        PyObject *each = asked->phrase ? query_frequencies(asked->phrase)
                                       : PyLong_FromLongLong(asked->frequency);
        if (each)
            PyList_SetItem(frequencies, n, each);
        else
            Py_CLEAR(frequencies);
    }
    return frequencies;
}

/* Asks what each set is worth, now that it is known how many documents it finds; gives -1 with an
exception set. */
static int query_price(Query *query, PyObject *price)
{
    PyObject *frequencies = query_frequencies(query), *factors = NULL;
    if (frequencies)
        factors = PyObject_CallFunctionObjArgs(price, frequencies, NULL);
    Py_XDECREF(frequencies);
    if (factors && !(PyList_Check(factors) && PyList_Size(factors) == query->count))
        PyErr_SetString(PyExc_TypeError, "there is not a factor for each set");
    for (Py_ssize_t n = 0; !PyErr_Occurred() && n < query->count; n++) {
        const float factor = (float)PyFloat_AsDouble(PyList_GetItem(factors, n));
        for (Py_ssize_t s = 0; s < query->held->count; s++)
            query->finds[s * query->count + n].factor = factor;
    }
    Py_XDECREF(factors);
    return PyErr_Occurred() ? -1 : 1;
}

/* Finds the best documents of each segment; gives 0 where the file is wrong, -1 with an exception
set. */
static int query_rank(Query *query, Tally *tally, int64_t limit, Best *bests)
{
    for (Py_ssize_t s = 0; s < query->held->count; s++) {
        int right = 1;
        for (Py_ssize_t n = 0; right > 0 && n < query->count; n++)
            right = query->asked[n].phrase ? phrase_read(query, s, n) : right;
        if (right <= 0)
            return right;
        const Array *gone = &segment_of(query, s)[GONE];
        tally->gone = gone->length ? gone->data : NULL;
        tally->best = (Best){.heap = NULL};
        right = query->all ? rank_in_all(query, s, tally, limit)
                           : rank_in_any(query, s, tally, limit);
        bests[s] = tally->best;
        if (right <= 0)
            return right;
    }
    return 1;
}

static int falling(const void *one, const void *other)
{
    const float a = *(const float *)one, b = *(const float *)other;
    return (a < b) - (a > b);
}

/* Leaves of the best documents of each segment those that may be among the best of all: with equal scores
their ids decide, which only Python knows. Gives -1 with an exception set. */
static int best_together(Best *bests, Py_ssize_t segments, int64_t limit, Room *room)
{
    int64_t total = 0, at = 0;
    for (Py_ssize_t s = 0; s < segments; s++)
        total += bests[s].count;
    if (limit <= 0 || total <= limit)
        return 0;
    float *scores = room_take(room, total, sizeof(float));
    if (!scores)
        return -1;
    for (Py_ssize_t s = 0; s < segments; s++)
        for (int64_t n = 0; n < bests[s].count; n++)
            scores[at++] = bests[s].heap[n].score;
    qsort(scores, (size_t)total, sizeof(float), falling);
    for (Py_ssize_t s = 0; s < segments; s++)
        while (bests[s].count && bests[s].heap[0].score < scores[limit - 1])
            best_pop(&bests[s]);
    return 0;
}

/* The best documents of all segments as rows, segment by segment; NULL with an exception set. */
static PyObject *best_rows(Best *bests, Py_ssize_t segments, int64_t limit, PyObject *type,
                           Room *room)
{
    PyObject *hits = best_together(bests, segments, limit, room) < 0 ? NULL : PyList_New(0);
    for (Py_ssize_t s = 0; hits && s < segments; s++) {
        PyObject *own = best_list(&bests[s], s, type);
        if (!own || PyList_SetSlice(hits, PY_SSIZE_T_MAX, PY_SSIZE_T_MAX, own) < 0)
            Py_CLEAR(hits);
        Py_XDECREF(own);
    }
    return hits;
}

/* Takes hold of the postings of all segments and of the sets that are asked for, and reads these. The
answer is that of `query_rank`. */
static int query_read(Query *query, PyObject *sets)
{
    int right = 1;
    query->postings = room_take(&query->place->room, query->held->count, sizeof(*query->postings));
    if (!query->postings)
        return -1;
    for (Py_ssize_t s = 0; right && s < query->held->count; s++)
        for (int field = 0; right && field < 2; field++)
            right = postings_of(&query->postings[s][field],
                                segment_of(query, s) + field * OF_FIELD);
    if (right && query_take(query, sets) < 0)
        return -1;
    for (Py_ssize_t s = 0; right > 0 && s < query->held->count; s++)
        right = segment_read(query, s);
    return right;
}

/* rank_words(segments, sets, all, price, sums, bits, window, room, limit, type)
-> (list of hits, how many match, how many do not)

The best documents for sets of words, segment by segment; those of equal scores may be more than are
wanted.

segments: held arrays (SEGMENT).
sets: of words (their Variants of each segment, 0 or 1 for text or title, Extent, Role); or a phrase
(sets of its words, the documents of each segment in which it is looked for or None for all).
all: whether documents must be in all of the sets whose documents are hits, or in any.
price: is asked once what sets are worth that so many documents hold (lists of numbers, of a phrase
the list of those of its words), and may still change where phrases are looked for.
sums, bits: to work in, 0 everywhere before and after; one for each document.
window, room: to work in, as `Workspace` gives them.
type: of hits, one of tuples (segment, document, score). */
static PyObject *rank_words(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 10) {
        PyErr_SetString(PyExc_TypeError, "ten arguments are needed");
        return NULL;
    }
    Query query = {.held = held_of(args[0], SEGMENT), .all = PyObject_IsTrue(args[2])};
    const long long limit = PyLong_AsLongLong(args[8]);
    Array a[4];
    if (!query.held || PyErr_Occurred() || !is_row(args[9]) ||
        arrays_take(a, args + 4, 4, "=f8 =u8 =f8 =u1") < 0)
        return NULL;
    const int64_t bits = a[1].length * 64;
    Workplace place = {a[0].data, a[1].data, a[0].length < bits ? a[0].length : bits,
                       window_of(&a[2]), {.data = a[3].data, .size = (size_t)a[3].length}};
    query.place = &place;
    Tally tally = {.gone = NULL};
    const Py_ssize_t segments = query.held->count;
    Best *bests = room_take(&place.room, segments, sizeof(Best));
    PyObject *hits = NULL, *answer = NULL;
    for (Py_ssize_t s = 0; bests && s < segments; s++)
        bests[s].heap = NULL;
    int right = bests && place.window ? query_read(&query, args[1]) : -1;
    if (right > 0)
        right = query_price(&query, args[3]);
    if (right > 0)
        right = query_rank(&query, &tally, limit, bests);
    if (right > 0)
        hits = best_rows(bests, segments, limit, args[9], &place.room);
    if (hits)
        answer = Py_BuildValue("(NLL)", hits, (long long)tally.matching, (long long)tally.alike);
    else if (!right)
        altered();
    for (Py_ssize_t s = 0; bests && s < segments; s++)
        free(bests[s].heap);
    query_drop(&query);
    room_leave(&place.room);
    arrays_drop(a, 4);
    return answer;
}
