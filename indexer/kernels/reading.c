/* Cutting texts into stretches of word characters: the twin of `_cut` in indexer/vocabulary.py. */

#include "arrays.h"

enum { SEPARATOR, PLAIN, SIGN }; /* of indexer/characters.py; all beyond is for Python to tell */

/* cut(points, begins, kinds, values, base, longest, starts, ends, hashes, counts): finds the
stretches of the texts that begin at `begins` (the end of the last comes last), each behind one
separator; the kind and the value of a character beyond the tables are their last ones. A stretch of
at most `longest` characters that the kinds tell to be one plain word gets a hash, the sum of its
values times powers of `base`, its lowest bit set; any other 0. Gives the number of stretches;
IndexError when a text is not within the points or there is no room. */
static PyObject *cut(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[10];
    if (arrays_take(a, args, count, "u4 i8 u1 u8 u8 i8 =i8 =i8 =u8 =i8") < 0)
        return NULL;
    const uint32_t *points = a[0].data;
    const int64_t *begins = a[1].data;
    const uint8_t *kinds = a[2].data;
    const uint64_t *values = a[3].data;
    int64_t *starts = a[6].data, *ends = a[7].data, *counts = a[9].data;
    uint64_t *hashes = a[8].data;
    const Py_ssize_t texts = a[1].length - 1, room = a[6].length;
    const uint32_t last_kind = (uint32_t)(a[2].length - 1), last_value = (uint32_t)(a[3].length - 1);
    int within = texts >= 0 && a[2].length && a[3].length && a[4].length == 1 && a[5].length == 1 &&
                 a[7].length == room && a[8].length == room && a[9].length == texts;
    const uint64_t base = within ? *(const uint64_t *)a[4].data : 0;
    const int64_t longest = within ? *(const int64_t *)a[5].data : 0;
    Py_ssize_t found = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t text = 0; within && text < texts; text++) {
        const int64_t first = begins[text], end = begins[text + 1] - 1;
        within = first >= 0 && end >= first && end < a[0].length;
        const Py_ssize_t before = found;
        for (int64_t at = first; within && at < end; at++) {
            uint32_t point = points[at];
            uint8_t kind = kinds[point < last_kind ? point : last_kind];
            if (kind == SEPARATOR)
                continue;
            within = found < room;
            if (!within)
                break;
            const int64_t start = at;
            uint64_t hash = 0, power = 1;
            int plain = 1;
            uint8_t earlier = SEPARATOR;
            do {
                plain &= kind == PLAIN || (kind == SIGN && earlier == PLAIN);
                hash += values[point < last_value ? point : last_value] * power;
                power *= base;
                earlier = kind;
                if (++at == end)
                    break;
                point = points[at];
                kind = kinds[point < last_kind ? point : last_kind];
            } while (kind != SEPARATOR);
            starts[found] = start;
            ends[found] = at;
            hashes[found++] = plain && at - start <= longest ? hash | 1 : 0;
        }
        if (within)
            counts[text] = found - before;
    }
    Py_END_ALLOW_THREADS
    arrays_drop(a, 10);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "a text is not within the characters");
        return NULL;
    }
    return PyLong_FromSsize_t(found);
}
