/* What a word of a query stands for: the twins of `Candidates.variants` in search/variants.py and of
`Lexicons.together` and `most` in indexer/lexicons.py and search/similar.py. */

#include "../../indexer/kernels/sorting.h"
#include "common.h"

/* A candidate is one number, as search/variants.py has it. */
#define NUMBER_SHIFT 24
#define WEIGHT_SHIFT 4
#define MOST_WEIGHT 0xFFFF
#define LAYER 15
#define GRAIN 256.0
#define GROUPS 3

/* Takes the candidates of a list of tuples: the numbers of words (int64), and what stands behind all of
their numbers, or behind each (int64). Gives how many there are, -1 with an exception set. */
static int64_t candidates_of(PyObject *list, Growing *keys)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "candidates come in a list");
        return -1;
    }
    for (Py_ssize_t k = 0; k < PyList_Size(list); k++) {
        PyObject *row = PyList_GetItem(list, k), *parts[2];
        if (!PyTuple_Check(row) || PyTuple_Size(row) != 2) {
            PyErr_SetString(PyExc_TypeError, "candidates are numbers and what stands behind them");
            return -1;
        }
        for (int n = 0; n < 2; n++)
            parts[n] = PyTuple_GetItem(row, n);
        const int same = PyLong_Check(parts[1]);
        const int64_t rest = same ? PyLong_AsLongLong(parts[1]) : 0;
        Array a[2];
        if (PyErr_Occurred() || arrays_take(a, parts, same ? 1 : 2, same ? "i8" : "i8 i8") < 0)
            return -1;
        const int fits = same || a[1].length == a[0].length;
        const int some = a[0].length > 0;
        int64_t *own = fits && some ? grow(keys, (size_t)a[0].length * sizeof *own) : NULL;
        const int64_t *numbers = a[0].data, *rests = same ? NULL : a[1].data;
        for (Py_ssize_t n = 0; own && n < a[0].length; n++)
            own[n] = (int64_t)((uint64_t)numbers[n] << NUMBER_SHIFT) | (same ? rest : rests[n]);
        arrays_drop(a, same ? 1 : 2);
        if (!fits || (some && !own)) {
            if (fits)
                PyErr_NoMemory();
            else
                PyErr_SetString(PyExc_TypeError, "there is not a rest for each number");
            return -1;
        }
    }
    return (int64_t)(keys->used / sizeof(int64_t));
}

/* Where the highest byte begins that any of some numbers has. */
static int highest_byte(const int64_t *keys, int64_t count)
{
    uint64_t any = 0;
    int shift = 0;
    for (int64_t n = 0; n < count; n++)
        any |= (uint64_t)keys[n];
    while (shift < 56 && any >> shift >> 8)
        shift += 8;
    return shift;
}

/* variants(candidates, bases, groups) -> (ids, weights, layers, edges): of each segment the words,
each by the relation that weighs most, those of one group of layers behind those of another: their
ids (int64), weights (float64) and layers (int64), and where each group of each segment begins among
them and the last ends (int64), as bytes.

candidates: as `candidates_of` takes them; bases: the number of the first word of each segment, and
behind them how many words there are; groups: the group of each layer. */
static PyObject *variants(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 3) {
        PyErr_SetString(PyExc_TypeError, "candidates and two arrays are needed");
        return NULL;
    }
    Array a[2];
    if (arrays_take(a, args + 1, 2, "i8 u1") < 0)
        return NULL;
    const int64_t *bases = a[0].data, segments = a[0].length - 1;
    const uint8_t *groups = a[1].data;
    PyObject *result = NULL, *columns[4] = {NULL};
    Growing bytes = {0};
    const int64_t all = candidates_of(args[0], &bytes);
    int64_t *keys = (int64_t *)bytes.data, count = 0;
    if (all < 0 || segments < 0) {
        if (all >= 0)
            PyErr_SetString(PyExc_TypeError, "there is no base");
        goto done;
    }
    if (all)
        sort_from((uint64_t *)keys, all, highest_byte(keys, all));
    for (int64_t n = 0; n < all; n++)
        if (!count || keys[n] >> NUMBER_SHIFT != keys[count - 1] >> NUMBER_SHIFT)
            keys[count++] = keys[n];
    for (int n = 0; n < 4; n++) {
        columns[n] = PyByteArray_FromStringAndSize(
            NULL, (Py_ssize_t)(n < 3 ? count : GROUPS * segments + 1) * 8);
        if (!columns[n])
            goto done;
    }
    int64_t *ids = (int64_t *)PyByteArray_AsString(columns[0]), at = 0, begin = 0;
    double *weights = (double *)PyByteArray_AsString(columns[1]);
    int64_t *layers = (int64_t *)PyByteArray_AsString(columns[2]);
    int64_t *edges = (int64_t *)PyByteArray_AsString(columns[3]);
    for (int64_t segment = 0; segment < segments; segment++) {
        int64_t end = begin;
        while (end < count && keys[end] >> NUMBER_SHIFT < bases[segment + 1])
            end++;
        for (int group = 0; group < GROUPS; group++) {
            *edges++ = at;
            for (int64_t n = begin; n < end; n++) {
                const int64_t layer = keys[n] & LAYER;
                if (layer >= a[1].length || groups[layer] != group)
                    continue;
                ids[at] = (keys[n] >> NUMBER_SHIFT) - bases[segment];
                weights[at] =
                    (double)(MOST_WEIGHT - (keys[n] >> WEIGHT_SHIFT & MOST_WEIGHT)) / GRAIN;
                layers[at++] = layer;
            }
        }
        begin = end;
    }
    *edges = at;
    if (at == count)
        result = PyTuple_Pack(4, columns[0], columns[1], columns[2], columns[3]);
    else
        PyErr_SetString(PyExc_IndexError, "a word is not within the lexicons");
done:
    for (int n = 0; n < 4; n++)
        Py_XDECREF(columns[n]);
    free(bytes.data);
    arrays_drop(a, 2);
    return result;
}

/* A word of any lexicon. */
typedef struct {
    uint64_t identity;
    uint64_t count; /* one more than the documents that hold it, so that 0 is no word */
} Counted;

static int more_frequent(const Counted *one, const Counted *other)
{
    return one->count > other->count ||
           (one->count == other->count && one->identity < other->identity);
}


/* Adds the documents of some words up, over all lexicons, in a table of slots that are found by
identity (mask: their number, a power of two, less one); gives the slot of each word, or 0 where one
is not within the lexicons. */
static int count_words(const Held *const *tables, const Array *bases, const Array *numbers,
                       Counted *slots, uint64_t mask, int64_t *slot_of)
{
    const int64_t *words = numbers->data;
    Place places[TOGETHER] = {{0}};
    for (int64_t first = 0; first < numbers->length; first += TOGETHER) {
        const int64_t rest = numbers->length - first, some = rest < TOGETHER ? rest : TOGETHER;
        for (int64_t n = 0; n < some; n++) {
            Place *place = places + n;
            if (n)
                *place = places[n - 1];
            if (!place_of_word(bases, tables[0]->count, words[first + n], place))
                return 0;
            for (int k = 0; k < 3; k++) {
                if (place->lexicon >= tables[k]->count ||
                    place->id >= tables[k]->arrays[place->lexicon].length)
                    return 0;
                if (k < 2) /* starts and ends are side by side */
                    prefetch(tables[k]->arrays + place->lexicon, place->id);
            }
        }
        for (int64_t n = 0; n < some; n++) {
            uint64_t values[3];
            for (int k = 0; k < 3; k++)
                values[k] = number_at(tables[k]->arrays + places[n].lexicon, places[n].id);
            if (values[2] < values[1])
                return 0;
            uint64_t slot = values[0] & mask;
            while (slots[slot].count && slots[slot].identity != values[0])
                slot = (slot + 1) & mask;
            if (!slots[slot].count)
                slots[slot] = (Counted){values[0], 1};
            slots[slot].count += values[2] - values[1];
            slot_of[first + n] = (int64_t)slot;
        }
    }
    return 1;
}

/* most_frequent(identities, starts, ends, bases, numbers, most) -> those of some words (int64, as
bytes, in their order) that are among the `most` different ones of the most documents, of equal ones
those of the smallest identities.

identities, and where the postings of words start and end: held for each lexicon, with their bases as
`of_words` has them. */
static PyObject *most_frequent(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    const long long most = nargs == 6 ? PyLong_AsLongLong(args[5]) : -1;
    if (most < 1) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "tables, two arrays and a number are needed");
        return NULL;
    }
    const Held *tables[3];
    for (int n = 0; n < 3; n++)
        if (!(tables[n] = held_of(args[n], "u*")))
            return NULL;
    Array a[2];
    if (arrays_take(a, args + 3, 2, "i8 i8") < 0)
        return NULL;
    const int64_t *numbers = a[1].data;
    const Py_ssize_t count = a[1].length;
    uint64_t room = 16;
    while (room < 2 * (uint64_t)count)
        room *= 2;
    Counted *slots = PyMem_Calloc(room, sizeof *slots);
    Counted *best = PyMem_Malloc((size_t)(most + 1) * sizeof *best);
    int64_t *slot_of = PyMem_Malloc((size_t)(count + 1) * sizeof *slot_of);
    PyObject *found = NULL;
    if (!slots || !best || !slot_of) {
        PyErr_NoMemory();
        goto done;
    }
    if (!count_words(tables, &a[0], &a[1], slots, room - 1, slot_of)) {
        PyErr_SetString(PyExc_IndexError, "a word is not within the lexicons");
        goto done;
    }
    /* The best, the first of them first. */
    int64_t kept = 0, wanted = 0;
    for (uint64_t slot = 0; slot < room; slot++) {
        if (!slots[slot].count || (kept == most && more_frequent(best + kept - 1, slots + slot)))
            continue;
        int64_t at = kept < most ? kept++ : kept - 1;
        for (; at && more_frequent(slots + slot, best + at - 1); at--)
            best[at] = best[at - 1];
        best[at] = slots[slot];
    }
    for (Py_ssize_t n = 0; n < count; n++)
        if (!more_frequent(best + kept - 1, slots + slot_of[n]))
            slot_of[wanted++] = numbers[n];
    found = PyByteArray_FromStringAndSize((const char *)slot_of, (Py_ssize_t)wanted * 8);
done:
    PyMem_Free(slots);
    PyMem_Free(best);
    PyMem_Free(slot_of);
    arrays_drop(a, 2);
    return found;
}
