/* What is looked at soon: asked for beforehand, so that one look does not wait for the one before. */

#ifndef FIHRIS_AHEAD_H
#define FIHRIS_AHEAD_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <string.h>
#if defined(__unix__) || defined(__APPLE__)
#define ASKS_FOR_PAGES
#include <sys/mman.h>
#include <unistd.h>
#endif

/* Whether files may have to be read from a disk, so that the system is asked for their pages too. */
static int reading_ahead;

/* The pages that were asked for since, each where its number says; one may drive another one out and be
asked for twice, as may one that two threads ask for at once. */
#define ASKED 4096
static uintptr_t asked[ASKED];

/* Asks the system for the pages of some bytes, which it reads meanwhile. */
static void ask_for(const void *address, size_t bytes)
{
#if defined(ASKS_FOR_PAGES)
    static uintptr_t size;
    if (!size)
        size = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t first = (uintptr_t)address / size, last = ((uintptr_t)address + bytes - 1) / size;
    if (asked[first % ASKED] == first && asked[last % ASKED] == last)
        return;
    asked[first % ASKED] = first;
    asked[last % ASKED] = last;
    /* It is no more than a wish: what is no file, or is there, is passed over. */
    (void)posix_madvise((void *)(first * size), (last - first + 1) * size, POSIX_MADV_WILLNEED);
#else
    (void)address, (void)bytes;
#endif
}

/* Asks for what is in memory somewhere, or on a disk. */
static inline void prefetch_from(const void *address)
{
    if (reading_ahead)
        ask_for(address, 1);
#if defined(__GNUC__)
    __builtin_prefetch(address);
#endif
}

/* read_ahead(on)

Whether the system is asked for pages of files, as search/readahead.py says. */
static PyObject *read_ahead(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    const int on = nargs == 1 ? PyObject_IsTrue(args[0]) : -1;
    if (on < 0) {
        PyErr_SetString(PyExc_TypeError, "one argument is needed");
        return NULL;
    }
    memset(asked, 0, sizeof asked);
    reading_ahead = on;
    Py_RETURN_NONE;
}

#endif
