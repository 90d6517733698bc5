/* Scores and the best of them: the twin of `_alternatives` and `_joined` in search/execute.py.

Scores are single precision and come out as those of numpy to the last bit: the same operations, in
the order of the query. */

#include "common.h"

/* One find that adds to scores (`Scored` of one segment). */
typedef struct {
    Array arrays[3];
    const uint32_t *docs;
    Array *freqs; /* numbers, or float32 */
    const float *norms;
    int64_t length, matching;
    float weight, factor;
} Find;

/* Takes hold of a tuple (documents, frequencies, norms, matching, weight, factor). */
static int find_take(Find *find, PyObject *tuple, Py_ssize_t count)
{
    PyObject *parts[6];
    if (!PyTuple_Check(tuple) || PyTuple_Size(tuple) != 6) {
        PyErr_SetString(PyExc_TypeError, "a find is a tuple of six");
        return -1;
    }
    for (int n = 0; n < 6; n++)
        parts[n] = PyTuple_GetItem(tuple, n);
    find->matching = PyLong_AsLongLong(parts[3]);
    find->weight = (float)PyFloat_AsDouble(parts[4]);
    find->factor = (float)PyFloat_AsDouble(parts[5]);
    if (PyErr_Occurred() || arrays_take(find->arrays, parts, 3, "u4 ** f4") < 0)
        return -1;
    find->docs = find->arrays[0].data;
    find->freqs = &find->arrays[1];
    find->norms = find->arrays[2].data;
    find->length = find->arrays[0].length;
    const char kind = find->freqs->kind;
    if (find->freqs->length != find->length || find->arrays[2].length != count ||
        find->matching < 0 || find->matching > find->length ||
        (kind != 'u' && !(kind == 'f' && find->freqs->size == 4))) {
        arrays_drop(find->arrays, 3);
        PyErr_SetString(PyExc_TypeError, "the arrays of a find do not fit each other");
        return -1;
    }
    return 0;
}

static inline float frequency_at(const Find *find, int64_t place)
{
    if (find->freqs->kind == 'f')
        return ((const float *)find->freqs->data)[place];
    return (float)number_at(find->freqs, place) * find->weight;
}

static inline float score_at(const Find *find, int64_t place)
{
    const float freq = frequency_at(find, place);
    return freq * find->factor / (freq + find->norms[find->docs[place]]);
}

static void finds_drop(Find *finds, Py_ssize_t count)
{
    for (Py_ssize_t n = 0; n < count; n++)
        arrays_drop(finds[n].arrays, 3);
    free(finds);
}

/* Takes hold of a list of finds; NULL with an exception set. */
static Find *finds_take(PyObject *list, Py_ssize_t *length, Py_ssize_t count)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "finds come in a list");
        return NULL;
    }
    *length = PyList_Size(list);
    Find *finds = malloc(sizeof(Find) * (size_t)(*length + 1));
    if (!finds)
        return (Find *)PyErr_NoMemory();
    for (Py_ssize_t n = 0; n < *length; n++)
        if (find_take(&finds[n], PyList_GetItem(list, n), count) < 0) {
            finds_drop(finds, n);
            return NULL;
        }
    return finds;
}

/* The best so far, as a heap whose root is the least of them. Of equal scores the document whose id
has the lower code is the better one. */
typedef struct {
    float score;
    uint32_t doc;
} Ranked;

typedef struct {
    Ranked *heap;
    int64_t count, limit;
    const uint32_t *codes;
} Best;

static inline int worse(const Best *best, Ranked one, Ranked other)
{
    return one.score < other.score ||
           (one.score == other.score && best->codes[one.doc] > best->codes[other.doc]);
}

static void best_add(Best *best, float score, uint32_t doc)
{
    const Ranked new = {score, doc};
    Ranked *heap = best->heap;
    int64_t at;
    if (best->count < best->limit) {
        for (at = best->count++; at; at = (at - 1) / 2) {
            if (!worse(best, new, heap[(at - 1) / 2]))
                break;
            heap[at] = heap[(at - 1) / 2];
        }
        heap[at] = new;
        return;
    }
    for (at = 0;;) {
        int64_t child = 2 * at + 1;
        if (child >= best->count)
            break;
        if (child + 1 < best->count && worse(best, heap[child + 1], heap[child]))
            child++;
        if (!worse(best, heap[child], new))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = new;
}

static inline void best_see(Best *best, float score, uint32_t doc)
{
    if (best->count < best->limit) {
        best_add(best, score, doc);
    } else if (best->limit && score >= best->heap[0].score) {
        const Ranked new = {score, doc};
        if (worse(best, best->heap[0], new))
            best_add(best, score, doc);
    }
}

static int best_begin(Best *best, int64_t limit, int64_t most, const uint32_t *codes)
{
    best->count = 0;
    best->limit = limit < 0 ? 0 : limit < most ? limit : most;
    best->codes = codes;
    best->heap = malloc(sizeof(Ranked) * (size_t)(best->limit + 1));
    return best->heap ? 0 : (PyErr_NoMemory(), -1);
}

static PyThreadState *let_others_for(const Find *finds, Py_ssize_t count)
{
    int64_t work = 0;
    for (Py_ssize_t n = 0; n < count; n++)
        work += finds[n].length;
    return let_others(work);
}

/* A list of (segment, document, score), the best first; lets go of the heap. */
static PyObject *best_list(Best *best, int64_t number)
{
    const int64_t count = best->count;
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (int64_t n = count - 1; list && n >= 0; n--) {
        /* The root is the least of those that are left. */
        const Ranked least = best->heap[0];
        const Ranked last = best->heap[--best->count];
        int64_t at = 0;
        for (;;) {
            int64_t child = 2 * at + 1;
            if (child >= best->count)
                break;
            if (child + 1 < best->count && worse(best, best->heap[child + 1], best->heap[child]))
                child++;
            if (!worse(best, best->heap[child], last))
                break;
            best->heap[at] = best->heap[child];
            at = child;
        }
        best->heap[at] = last;
        PyObject *row = Py_BuildValue("(LId)", (long long)number, (unsigned int)least.doc,
                                      (double)least.score);
        if (!row)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, (Py_ssize_t)n, row);
    }
    free(best->heap);
    return list;
}

/* So many documents are scored at a time: all that is known of them stays in the nearest cache. */
#define WINDOW_SCORED 8192
/* With more postings than that, all documents of a window are looked at for the best. */
#define DENSE 3072

/* A window of documents. */
typedef struct {
    uint32_t base, size;
    float scores[WINDOW_SCORED];
    uint8_t marks[WINDOW_SCORED]; /* MATCHES, ALIKE or both */
} Window;

enum { MATCHES = 1, ALIKE = 2 };

/* Adds the scores of a find to those of a window, from a place of it on; gives the place behind. */
#define ADD_SCORES(FREQ)                                                                           \
    for (; at < end; at++) {                                                                       \
        const uint32_t place = docs[at] - base;                                                    \
        if (place >= size)                                                                         \
            break;                                                                                 \
        const float freq = FREQ;                                                                   \
        window->scores[place] += freq * factor / (freq + norms[place]);                            \
        window->marks[place] |= mark;                                                              \
    }

static int64_t window_add(Window *window, const Find *find, int64_t at, int64_t end, uint8_t mark)
{
    const uint32_t *docs = find->docs, base = window->base, size = window->size;
    const float *norms = find->norms + base, factor = find->factor, weight = find->weight;
    if (find->freqs->kind == 'f') {
        ADD_SCORES(((const float *)find->freqs->data)[at])
    } else if (find->freqs->size == 1) {
        ADD_SCORES((float)((const uint8_t *)find->freqs->data)[at] * weight)
    } else {
        ADD_SCORES((float)number_at(find->freqs, at) * weight)
    }
    return at;
}

/* What was found so far. */
typedef struct {
    Best best;
    const uint8_t *gone;
    int64_t matching, alike;
} Tally;

/* Takes one document out of a window. */
static inline void window_take(Window *window, uint32_t place, Tally *tally)
{
    const uint8_t mark = window->marks[place];
    const float score = window->scores[place];
    window->marks[place] = 0;
    window->scores[place] = 0;
    if (!mark || (tally->gone && tally->gone[window->base + place]))
        return;
    *(mark & MATCHES ? &tally->matching : &tally->alike) += 1;
    if (score > 0)
        best_see(&tally->best, score, window->base + place);
}

#define STEP 32

/* Takes all documents out of a window. Scores are never below 0, so that their bits are in their own
order, by which the processor compares many at once. */
static void window_take_all(Window *window, Tally *tally)
{
    const uint8_t *gone = tally->gone ? tally->gone + window->base : NULL;
    int64_t matching = 0, alike = 0;
    for (uint32_t from = 0; from < window->size; from += STEP) {
        const uint32_t end = from + STEP < window->size ? from + STEP : window->size;
        uint8_t *marks = window->marks;
        if (gone)
            for (uint32_t n = from; n < end; n++)
                if (gone[n])
                    marks[n] = 0, window->scores[n] = 0;
        uint32_t found[2] = {0};
        for (uint32_t n = from; n < end; n++) {
            found[0] += marks[n] & MATCHES;
            found[1] += marks[n] == ALIKE;
        }
        matching += found[0];
        alike += found[1];
        const Best *best = &tally->best;
        const float least = best->count < best->limit || !best->limit ? 0 : best->heap[0].score;
        int32_t bits[STEP], border, good = 0;
        memcpy(&border, &least, 4);
        memcpy(bits, window->scores + from, (end - from) * 4);
        for (uint32_t n = 0; n < end - from; n++)
            good |= bits[n] >= border;
        if (good && best->limit)
            for (uint32_t n = from; n < end; n++)
                if (window->scores[n] > 0)
                    best_see(&tally->best, window->scores[n], window->base + n);
    }
    memset(window->scores, 0, window->size * sizeof(float));
    memset(window->marks, 0, window->size);
    tally->matching += matching;
    tally->alike += alike;
}

/* rank_any(finds, mains, codes, gone, number, limit)
-> (list of (number, document, score), how many match, how many do not)

Documents of any of some finds, and the best of them.

mains: for each find whether its documents are hits; those of the others, which are hits of the find
before them, only add to these.
codes: of the documents' ids (uint32). gone: which documents are deleted, or None. */
static PyObject *rank_any(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 6) {
        PyErr_SetString(PyExc_TypeError, "six arguments are needed");
        return NULL;
    }
    const int deleting = args[3] != Py_None;
    const long long number = PyLong_AsLongLong(args[4]), limit = PyLong_AsLongLong(args[5]);
    Array a[3];
    if (PyErr_Occurred() || arrays_take(a, args + 1, 2 + deleting, deleting ? "u1 u4 u1" : "u1 u4") < 0)
        return NULL;
    const Py_ssize_t count = a[1].length;
    const uint8_t *mains = a[0].data, *gone = deleting ? a[2].data : NULL;
    Window window = {0};
    Tally tally = {{0}, gone, 0, 0};
    Py_ssize_t length = 0;
    PyObject *answer = NULL, *list;
    int64_t(*at)[2] = NULL; /* how far each find was read, of both parts */
    Find *finds = finds_take(args[0], &length, count);
    if (!finds)
        goto done;
    if (a[0].length != length || (deleting && a[2].length != count)) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
        goto drop;
    }
    at = malloc(sizeof(*at) * (size_t)(length + 1));
    if (!at) {
        PyErr_NoMemory();
        goto drop;
    }
    if (best_begin(&tally.best, limit, count, a[1].data) < 0)
        goto drop;

    PyThreadState *others = let_others_for(finds, length);
    uint32_t next = UINT32_MAX;
    for (Py_ssize_t n = 0; n < length; n++)
        for (int part = 0; part < 2; part++) {
            at[n][part] = part ? finds[n].matching : 0;
            const int64_t end = part ? finds[n].length : finds[n].matching;
            if (at[n][part] < end && finds[n].docs[at[n][part]] < next)
                next = finds[n].docs[at[n][part]];
        }
    while (next < count) {
        window.base = next / WINDOW_SCORED * WINDOW_SCORED;
        window.size = (uint32_t)(count - window.base);
        if (window.size > WINDOW_SCORED)
            window.size = WINDOW_SCORED;
        next = UINT32_MAX;
        int64_t postings = 0;
        for (Py_ssize_t n = 0; n < length; n++) {
            const Find *find = &finds[n];
            for (int part = 0; part < 2; part++) {
                const int64_t end = part ? find->length : find->matching;
                const int64_t from = at[n][part];
                at[n][part] = window_add(&window, find, from, end,
                                         mains[n] ? part ? ALIKE : MATCHES : 0);
                postings += at[n][part] - from;
                if (at[n][part] < end && find->docs[at[n][part]] < next)
                    next = find->docs[at[n][part]];
            }
        }
        if (postings > DENSE)
            window_take_all(&window, &tally);
        else
            for (Py_ssize_t n = 0; n < length; n++)
                for (int part = 0; part < 2; part++)
                    for (int64_t k = at[n][part]; k-- > (part ? finds[n].matching : 0);) {
                        const uint32_t place = finds[n].docs[k] - window.base;
                        if (place >= window.size)
                            break;
                        window_take(&window, place, &tally);
                    }
        if (next < window.base + window.size)
            break; /* they do not ascend */
    }
    go_on(others);
    if (next != UINT32_MAX) {
        free(tally.best.heap);
        altered();
        goto drop;
    }
    list = best_list(&tally.best, number);
    if (list)
        answer = Py_BuildValue("(NLL)", list, (long long)tally.matching, (long long)tally.alike);
drop:
    free(at);
    finds_drop(finds, length);
done:
    arrays_drop(a, 2 + deleting);
    return answer;
}

/* Adds the scores of a find's documents from `at` up to `end` to those of some documents; both
ascend. */
static int add_between(float *scores, const uint32_t *docs, int64_t length, const Find *find,
                       int64_t at, int64_t end, uint32_t count)
{
    for (int64_t n = 0; n < length && at < end; n++) {
        at = seek(find->docs, at, end, docs[n]);
        if (at < end && find->docs[at] == docs[n]) {
            if (docs[n] >= count)
                return 0;
            scores[n] += score_at(find, at);
        }
    }
    return 1;
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
    Py_ssize_t length = 0;
    int right = a[0].length == a[1].length;
    Find *finds = finds_take(args[0], &length, count);
    if (finds) {
        PyThreadState *others = let_others(a[0].length * 8);
        for (Py_ssize_t n = 0; right && n < length; n++) {
            const Find *find = &finds[n];
            right = add_between(a[0].data, a[1].data, a[1].length, find, 0, find->matching,
                                (uint32_t)count) &&
                    add_between(a[0].data, a[1].data, a[1].length, find, find->matching,
                                find->length, (uint32_t)count);
        }
        go_on(others);
        finds_drop(finds, length);
    }
    arrays_drop(a, 2);
    if (!finds)
        return NULL;
    if (!right)
        return altered();
    Py_RETURN_NONE;
}

/* rank_few(scores, docs, codes, gone, number, limit) -> (list of (number, document, score), count)

The best of some documents (uint32, each once) by their scores (float32), and how many are there;
deleted ones count for nothing. */
static PyObject *rank_few(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 6) {
        PyErr_SetString(PyExc_TypeError, "six arguments are needed");
        return NULL;
    }
    const int deleting = args[3] != Py_None;
    const long long number = PyLong_AsLongLong(args[4]), limit = PyLong_AsLongLong(args[5]);
    Array a[4];
    if (PyErr_Occurred() ||
        arrays_take(a, args, 3 + deleting, deleting ? "f4 u4 u4 u1" : "f4 u4 u4") < 0)
        return NULL;
    const float *scores = a[0].data;
    const uint32_t *docs = a[1].data;
    const uint8_t *gone = deleting ? a[3].data : NULL;
    const Py_ssize_t length = a[1].length, count = a[2].length;
    PyObject *answer = NULL, *list;
    Best best;
    if (a[0].length != length || (deleting && a[3].length != count)) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
    } else if (best_begin(&best, limit, length, a[2].data) == 0) {
        int64_t live = 0;
        int right = 1;
        PyThreadState *others = let_others(length);
        for (Py_ssize_t n = 0; right && n < length; n++) {
            right = docs[n] < count;
            if (!right || (gone && gone[docs[n]]))
                continue;
            live++;
            best_see(&best, scores[n], docs[n]);
        }
        go_on(others);
        if (!right) {
            free(best.heap);
            altered();
        } else if ((list = best_list(&best, number))) {
            answer = Py_BuildValue("(NL)", list, (long long)live);
        }
    }
    arrays_drop(a, 3 + deleting);
    return answer;
}
