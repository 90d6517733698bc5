/* Alternatives as Python gives them: the twin of `alternatives` in search/alternatives.py. */

#include "any.h"
#include "finds.h"

/* rank_any(finds, mains, codes, gone, among, wanted, window, number, limit, type)
-> (list of hits, how many match, how many do not)

Documents of any of some finds, and the best of them.

mains: for each find whether its documents are hits; those of the others, which are hits of the find
before them, only add to these.
codes: of the documents' ids (uint32). gone: which documents are deleted, or None.
among: marks (bool) of documents, or None. If given only those count that match and have the mark
`wanted`. */
static PyObject *rank_any(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 10) {
        PyErr_SetString(PyExc_TypeError, "ten arguments are needed");
        return NULL;
    }
    const long wanted = PyLong_AsLong(args[5]);
    const long long number = PyLong_AsLongLong(args[7]), limit = PyLong_AsLongLong(args[8]);
    Array a[3], marked[2] = {{0}};
    Py_ssize_t masks = 0;
    if (PyErr_Occurred() || !is_row(args[9]) || arrays_take(a, args + 1, 2, "u1 u4") < 0)
        return NULL;
    if (arrays_take(a + 2, args + 6, 1, "=f8") < 0) {
        arrays_drop(a, 2);
        return NULL;
    }
    const Py_ssize_t count = a[1].length;
    const uint8_t *mains = a[0].data, *mask[2] = {NULL, NULL};
    Window *window = window_of(&a[2]);
    PyObject *answer = NULL;
    Finds all = {NULL, 0, NULL};
    Room room = {0};
    if (!window)
        goto done;
    for (int n = 0; n < 2; n++) {
        if (args[3 + n] == Py_None)
            continue;
        if (arrays_take(&marked[masks], args + 3 + n, 1, "u1") < 0)
            goto done;
        mask[n] = marked[masks++].data;
    }
    if (finds_take(&all, args[0], count, &room) < 0)
        goto done;
    int fitting = a[0].length == all.count;
    for (Py_ssize_t n = 0; n < masks; n++)
        fitting &= marked[n].length == count;
    if (!fitting) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
        goto done;
    }
    Tally tally = {{0}, mask[0], mask[1], (uint8_t)wanted, 0, 0};
    Reached *at = room_take(&room, all.count, sizeof *at);
    if (!at || best_begin(&tally.best, limit, count, a[1].data) < 0)
        goto done;
    PyThreadState *others = let_others_for(all.finds, all.count);
    const int right = see_any(&tally, window, all.finds, mains, all.count, (uint32_t)count, at);
    go_on(others);
    PyObject *list = best_list(&tally.best, number, args[9]);
    if (!right)
        altered();
    else if (list)
        answer = Py_BuildValue("(OLL)", list, (long long)tally.matching, (long long)tally.alike);
    Py_XDECREF(list);
done:
    finds_drop(&all);
    room_leave(&room);
    arrays_drop(marked, masks);
    arrays_drop(a, 3);
    return answer;
}
