#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <zlib.h>

static PyObject *
checksum(PyObject *module, PyObject *arguments)
{
    const char *bytes;
    Py_ssize_t length;

    if (!PyArg_ParseTuple(arguments, "y#", &bytes, &length))
        return NULL;
    return PyLong_FromUnsignedLong(crc32(crc32(0L, Z_NULL, 0), (const Bytef *)bytes, (uInt)length));
}

static PyMethodDef methods[] = {
    {"checksum", checksum, METH_VARARGS, "CRC-32 of some bytes."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "cmake_squeeze._crc", NULL, -1, methods};

PyMODINIT_FUNC
PyInit__crc(void)
{
    return PyModule_Create(&definition);
}
