/* Which of several affixes or patterns fit words: the twin of `first_fit` in indexer/affixes.py. */

#include "arrays.h"

/* fit(letters, lengths, masks, numbers, least, which): for each word the place of the first number
that its letters, eight of them as one number, are under the mask of that place, and whose least
length the word has; -1 when there is none. */
static PyObject *fit(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[6];
    if (arrays_take(a, args, count, "u8 i8 u8 u8 i8 =i8") < 0)
        return NULL;
    const uint64_t *letters = a[0].data, *masks = a[2].data, *numbers = a[3].data;
    const int64_t *lengths = a[1].data, *least = a[4].data;
    int64_t *which = a[5].data;
    const Py_ssize_t words = a[0].length, patterns = a[2].length;
    const int within = a[1].length == words && a[5].length == words && a[3].length == patterns &&
                       a[4].length == patterns;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; within && n < words; n++) {
        which[n] = -1;
        for (Py_ssize_t place = 0; place < patterns; place++)
            if ((letters[n] & masks[place]) == numbers[place] && lengths[n] >= least[place]) {
                which[n] = place;
                break;
            }
    }
    Py_END_ALLOW_THREADS
    arrays_drop(a, 6);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "arrays of words, or of patterns, differ in length");
        return NULL;
    }
    Py_RETURN_NONE;
}
