#include <Python.h>
#include <no_such_library/no_such_header.h>

PyMODINIT_FUNC
PyInit_broken(void)
{
    return NULL;
}
