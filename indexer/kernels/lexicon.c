/* Looking words up in a lexicon: the twins of what stands beside each call in indexer/lexicon.py. */

#include "held.h"
#include "strings.h"
#include <stddef.h>

/* place(blob, offsets, word) -> the place of the first string that is not before the word, in the
order of bytes. */
static PyObject *place(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[3];
    if (arrays_take(a, args, count, "u1 u* u1") < 0)
        return NULL;
    const char *blob = a[0].data, *word = a[2].data;
    int64_t low = 0, high = a[1].length ? a[1].length - 1 : 0;
    int within = 1;
    while (within && low < high) {
        const int64_t middle = low + (high - low) / 2;
        int64_t start, end;
        within = string_at(&a[1], middle, a[0].length, &start, &end);
        if (!within)
            break;
        const int64_t length = end - start;
        const int64_t shared = length < a[2].length ? length : a[2].length;
        const int order = shared ? memcmp(blob + start, word, (size_t)shared) : 0;
        if (order < 0 || (!order && length < a[2].length))
            low = middle + 1;
        else
            high = middle;
    }
    arrays_drop(a, 3);
    return within ? PyLong_FromLongLong(low) : outside();
}

/* A table of hashes as `hashtable.py` has it: starts, tails, owners and checks. */
#define TABLE "u4 u* u* u8"

static int is_table(const Array *table)
{
    const int64_t starts = table[0].length, length = table[1].length;
    const int large = starts == (1 << 16) + 1 && table[1].size < 8;
    const int small = starts == 2 && table[1].size >= 4;
    const int narrow = table[2].size == 1 && length <= table[2].length / 3;
    const int wide = table[2].size == 4 && length <= table[2].length;
    return (large || small) && (narrow || wide)
           && (!table[3].length || length <= table[3].length);
}

/* The word of a row, which takes three bytes or four. */
static int64_t owner_at(const Array *table, int64_t row)
{
    if (table[2].size == 4)
        return ((const uint32_t *)table[2].data)[row];
    const uint8_t *bytes = (const uint8_t *)table[2].data + 3 * row;
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16;
}

/* The rows among which those of a key are, and what their tails are compared with: both as the first
of 64 bits. */
typedef struct {
    int64_t first, end, guess;
    uint64_t tail;
} Among;

static uint64_t tail_at(const Array *table, int64_t row)
{
    return number_at(table + 1, row) << (64 - 8 * table[1].size);
}

/* What stands between `first` and `end` is not known yet; it is on its way. */
static Among beginning_of(const Array *table, uint64_t key)
{
    const int bits = 8 * (int)table[1].size;
    if (table[0].length == 2)
        return (Among){0, 1, 0, key >> (64 - bits / 4 * 3) << (64 - bits / 4 * 3)};
    const int64_t head = (int64_t)(key >> 48);
    prefetch(table, head);
    return (Among){head, head + 1, 0, key << 16 >> (64 - bits) << (64 - bits)};
}

static int find_rows(const Array *table, Among *among)
{
    const uint32_t *starts = table[0].data;
    among->first = starts[among->first];
    among->end = starts[among->end];
    return among->first <= among->end && among->end <= table[1].length;
}

/* The share of so many rows that is before a tail: hashes are spread evenly. */
static int64_t share_of(uint64_t tail, int64_t length)
{
    return (int64_t)((tail >> 32) * (uint64_t)length >> 32);
}

/* Of many rows a nearer guess, from the tail that stands at the first one. */
static int64_t second_guess(const Array *table, const Among *among, int64_t guess)
{
    const int64_t length = among->end - among->first;
    const uint64_t there = tail_at(table, guess);
    if (there < among->tail)
        guess += share_of(among->tail - there, length);
    else
        guess -= share_of(there - among->tail, length);
    return guess < among->first ? among->first : guess < among->end ? guess : among->end - 1;
}

/* The first row that is not before a tail: from a guess the steps double until they pass it. */
static int64_t not_before(const Array *table, const Among *among, int64_t guess)
{
    const uint64_t tail = among->tail;
    int64_t low = among->first, high = among->end;
    if (tail_at(table, guess) < tail) {
        low = guess + 1;
        for (int64_t step = 8; step < among->end - guess; step *= 2) {
            if (tail_at(table, guess + step) >= tail) {
                high = guess + step;
                break;
            }
            low = guess + step + 1;
        }
    } else {
        high = guess;
        for (int64_t step = 8; step <= guess - among->first; step *= 2) {
            if (tail_at(table, guess - step) < tail) {
                low = guess - step + 1;
                break;
            }
            high = guess - step;
        }
    }
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (tail_at(table, middle) < tail)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of fewer rows the first guess is near enough: they stand in a few lines of the cache. */
#define NEAR 64

/* For some keys in some tables where the rows from the first one that is not before it begin, and where
those among which it is end; 0 where a table is wrong. What all of them wait for is asked for before
any is looked at.

among: TOGETHER for each table. */
static int first_rows(const Array *tables, Py_ssize_t count_of_tables, const uint64_t *keys,
                      int64_t count, Among *among)
{
    for (Py_ssize_t t = 0; t < count_of_tables; t++) {
        if (!is_table(tables + 4 * t))
            return 0;
        for (int64_t n = 0; n < count; n++)
            among[t * TOGETHER + n] = beginning_of(tables + 4 * t, keys[n]);
    }
    for (Py_ssize_t t = 0; t < count_of_tables; t++)
        for (int64_t n = 0; n < count; n++) {
            Among *own = among + t * TOGETHER + n;
            if (!find_rows(tables + 4 * t, own))
                return 0;
            own->guess = own->first + share_of(own->tail, own->end - own->first);
            prefetch(tables + 4 * t + 1, own->guess);
        }
    for (Py_ssize_t t = 0; t < count_of_tables; t++)
        for (int64_t n = 0; n < count; n++) {
            Among *own = among + t * TOGETHER + n;
            if (own->end - own->first > NEAR) {
                own->guess = second_guess(tables + 4 * t, own, own->guess);
                prefetch(tables + 4 * t + 1, own->guess);
            }
        }
    for (Py_ssize_t t = 0; t < count_of_tables; t++)
        for (int64_t n = 0; n < count; n++) {
            const Array *table = tables + 4 * t;
            Among *own = among + t * TOGETHER + n;
            if (own->first < own->end) {
                own->first = not_before(table, own, own->guess);
                prefetch(table + 2, own->first * (table[2].size == 1 ? 3 : 1));
            }
        }
    return 1;
}

static void held_drop(PyObject *capsule)
{
    Held *held = PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule));
    arrays_drop(held->arrays, held->count * held->width);
    PyMem_Free(held->arrays);
    PyMem_Free(held);
}

/* The names of capsules: the types of a table's arrays, as `arrays_take` has them. */
static const char *const HELD[] = {"u*", TABLE, "u8 u* u4 u1 u8", OF_ONE_FIELD, SEGMENT, LEXICON};
#define WIDEST OF_SEGMENT

/* Takes hold of a tuple of arrays for each table; NULL with an exception set where they are not of
such types. */
static PyObject *held_new(PyObject *tables, const char *spec)
{
    const char *name = NULL;
    for (size_t n = 0; n < sizeof HELD / sizeof *HELD; n++)
        if (!strcmp(HELD[n], spec))
            name = HELD[n];
    if (!name || !PyTuple_Check(tables)) {
        PyErr_SetString(PyExc_TypeError, "tuples of arrays of known types are needed");
        return NULL;
    }
    Held *held = PyMem_Calloc(1, sizeof *held);
    const Py_ssize_t count = PyTuple_Size(tables), width = (Py_ssize_t)(strlen(spec) + 1) / 3;
    if (held)
        held->arrays = PyMem_Calloc((size_t)(count * width + 1), sizeof *held->arrays);
    PyObject *capsule = held && held->arrays ? PyCapsule_New(held, name, held_drop) : NULL;
    if (!capsule) {
        if (held)
            PyMem_Free(held->arrays);
        PyMem_Free(held);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    held->width = width;
    for (; held->count < count; held->count++) {
        PyObject *table = PyTuple_GetItem(tables, held->count), *each[WIDEST];
        const int right = PyTuple_Check(table) && PyTuple_Size(table) == width;
        for (Py_ssize_t k = 0; right && k < width; k++)
            each[k] = PyTuple_GetItem(table, k);
        if (!right)
            PyErr_SetString(PyExc_TypeError, "a table is a tuple of its arrays");
        if (!right || arrays_take(held->arrays + held->count * width, each, width, spec) < 0) {
            Py_DECREF(capsule);
            return NULL;
        }
    }
    return capsule;
}

/* hold(tables, types) -> the arrays of several tables, each a tuple of them, for other kernels. */
static PyObject *hold(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    const char *spec = nargs == 2 ? PyUnicode_AsUTF8AndSize(args[1], NULL) : NULL;
    if (nargs != 2)
        PyErr_SetString(PyExc_TypeError, "tables and their types are needed");
    return spec ? held_new(args[0], spec) : NULL;
}

/* A row that was found: its word among those of all lexicons, its check, the place of its key. */
typedef struct {
    int64_t word, key;
    uint64_t check;
} Row;

/* One member of all rows, as bytes. */
static PyObject *column(const Row *rows, int64_t count, size_t member)
{
    PyObject *found = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)count * 8);
    if (!found)
        return NULL;
    char *out = PyByteArray_AsString(found);
    for (int64_t n = 0; n < count; n++)
        memcpy(out + n * 8, (const char *)(rows + n) + member, 8);
    return found;
}

/* having(tables, keys, bases) -> of the rows whose hash is one of the keys, table by table: words
(int64), checks (uint64) and the place of the key (int64), as bytes.

To the words of a table its base is added; the check of a table without any is 0. */
static PyObject *having(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 3) {
        PyErr_SetString(PyExc_TypeError, "tables and two arrays are needed");
        return NULL;
    }
    Array a[2];
    const Held *held = held_of(args[0], TABLE);
    if (!held || arrays_take(a, args + 1, 2, "u8 i8") < 0)
        return NULL;
    const uint64_t *keys = a[0].data;
    Row *rows = NULL;
    int64_t used = 0, room = 0;
    const int few = a[0].length <= TOGETHER; /* looked for in all tables at once */
    Among *among = PyMem_Malloc(sizeof *among * TOGETHER * (size_t)(held->count + 1));
    int right = held->count <= a[1].length;
    if (!among) {
        PyErr_NoMemory();
        goto done;
    }
    if (right && few)
        right = first_rows(held->arrays, held->count, keys, a[0].length, among);
    for (Py_ssize_t n = 0; right && n < held->count; n++) {
        const Array *table = held->arrays + 4 * n;
        const uint64_t *checks = table[3].length ? table[3].data : NULL;
        const int64_t base = ((const int64_t *)a[1].data)[n];
        for (int64_t key = 0; right && key < a[0].length; key++) {
            if (!few && key % TOGETHER == 0) {
                const int64_t rest = a[0].length - key;
                right = first_rows(table, 1, keys + key, rest < TOGETHER ? rest : TOGETHER, among);
                if (!right)
                    break;
            }
            const Among *own = among + (few ? n * TOGETHER : 0) + key % TOGETHER;
            for (int64_t row = own->first; row < own->end && tail_at(table, row) == own->tail;
                 row++) {
                if (used == room) {
                    room = 2 * room + 64;
                    Row *more = PyMem_Realloc(rows, (size_t)room * sizeof *rows);
                    if (!more) {
                        PyErr_NoMemory();
                        goto done;
                    }
                    rows = more;
                }
                rows[used++] = (Row){base + owner_at(table, row), key, checks ? checks[row] : 0};
            }
        }
    }
done:;
    PyObject *result = NULL;
    if (!right)
        outside();
    if (!PyErr_Occurred()) {
        PyObject *columns[3] = {column(rows, used, offsetof(Row, word)),
                                column(rows, used, offsetof(Row, check)),
                                column(rows, used, offsetof(Row, key))};
        if (columns[0] && columns[1] && columns[2])
            result = PyTuple_Pack(3, columns[0], columns[1], columns[2]);
        for (int n = 0; n < 3; n++)
            Py_XDECREF(columns[n]);
    }
    PyMem_Free(among);
    PyMem_Free(rows);
    arrays_drop(a, 2);
    return result;
}

/* holds(tables, keys) -> for each key whether any of the tables has it (truth values), as bytes. */
static PyObject *holds(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "tables and an array are needed");
        return NULL;
    }
    Array a[1];
    const Held *held = held_of(args[0], TABLE);
    if (!held || arrays_take(a, args + 1, 1, "u8") < 0)
        return NULL;
    PyObject *found = PyByteArray_FromStringAndSize(NULL, a[0].length);
    if (found) {
        const uint64_t *keys = a[0].data;
        char *marks = PyByteArray_AsString(found);
        memset(marks, 0, (size_t)a[0].length);
        int right = 1;
        for (Py_ssize_t n = 0; right && n < held->count; n++) {
            const Array *table = held->arrays + 4 * n;
            for (int64_t key = 0; right && key < a[0].length;) {
                /* Only of those that no table had. */
                uint64_t sought[TOGETHER];
                int64_t places[TOGETHER], count = 0;
                Among among[TOGETHER];
                for (; key < a[0].length && count < TOGETHER; key++)
                    if (!marks[key]) {
                        sought[count] = keys[key];
                        places[count++] = key;
                    }
                right = first_rows(table, 1, sought, count, among);
                for (int64_t k = 0; right && k < count; k++)
                    marks[places[k]] = among[k].first < among[k].end
                                       && tail_at(table, among[k].first) == among[k].tail;
            }
        }
        if (!right) {
            outside();
            Py_CLEAR(found);
        }
    }
    arrays_drop(a, 1);
    return found;
}

/* Takes hold of (values, bases, words), and makes room for eight bytes for each of the words; NULL with
an exception set. The arrays must be dropped in any case. */
static PyObject *for_each_word(const Held **values, Array *a, PyObject *const *args, Py_ssize_t nargs)
{
    memset(a, 0, 2 * sizeof *a);
    if (nargs != 3) {
        PyErr_SetString(PyExc_TypeError, "values and two arrays are needed");
        return NULL;
    }
    *values = held_of(args[0], "u*");
    if (!*values || arrays_take(a, args + 1, 2, "i8 i8") < 0)
        return NULL;
    return PyByteArray_FromStringAndSize(NULL, a[1].length * 8);
}

/* of_words(values, bases, words) -> what each of some words has (uint64, as bytes).

values: held, for each lexicon one array of whole numbers by word; bases: the number of the first
word of each lexicon among those of all, ascending, and behind them how many there are. */
static PyObject *of_words(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[2];
    const Held *values;
    PyObject *found = for_each_word(&values, a, args, nargs);
    if (found) {
        const int64_t *words = a[1].data;
        uint64_t *out = (uint64_t *)PyByteArray_AsString(found);
        Place places[TOGETHER] = {{0}};
        int right = 1;
        for (int64_t first = 0; right && first < a[1].length; first += TOGETHER) {
            const int64_t rest = a[1].length - first, some = rest < TOGETHER ? rest : TOGETHER;
            for (int64_t n = 0; right && n < some; n++) {
                Place *place = places + n;
                if (n)
                    *place = places[n - 1];
                right = place_of_word(&a[0], values->count, words[first + n], place)
                        && place->id < values->arrays[place->lexicon].length;
                if (right)
                    prefetch(values->arrays + place->lexicon, place->id);
            }
            for (int64_t n = 0; right && n < some; n++)
                out[first + n] = number_at(values->arrays + places[n].lexicon, places[n].id);
        }
        if (!right) {
            outside();
            Py_CLEAR(found);
        }
    }
    arrays_drop(a, 2);
    return found;
}

/* steps(values, bases, words) -> how much more what stands behind each of some words is than what it has
(int64, as bytes); as in `of_words`, but that each array has one value more. Words of one lexicon are
soonest looked up together. */
static PyObject *steps(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[2];
    const Held *values;
    PyObject *found = for_each_word(&values, a, args, nargs);
    if (found) {
        const int64_t *bases = a[0].data, *words = a[1].data;
        int64_t *out = (int64_t *)PyByteArray_AsString(found), base = 0, count = 0;
        const Array *array = NULL;
        Place place = {0};
        for (int64_t n = 0; n < a[1].length; n++) {
            if (words[n] < base || words[n] >= base + count) {
                if (!place_of_word(&a[0], values->count, words[n], &place)) {
                    Py_CLEAR(found);
                    break;
                }
                array = values->arrays + place.lexicon;
                base = bases[place.lexicon];
                count = bases[place.lexicon + 1] - base;
                count = count < array->length ? count : array->length - 1;
            }
            const int64_t id = words[n] - base;
            if (id >= count) {
                Py_CLEAR(found);
                break;
            }
            out[n] = (int64_t)(number_at(array, id + 1) - number_at(array, id));
        }
        if (!found)
            outside();
    }
    arrays_drop(a, 2);
    return found;
}
