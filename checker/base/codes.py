"""The stable codes of all that there is to say of an input, each with its meaning; docs/codes/ has a page on each."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Explained(StrEnum):
    """A stable code: its value is the code alone, ``meaning`` says in one line what it means."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        """Make the member: the string is the code alone, the meaning is an attribute."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class LayoutCode(Explained):
    """One kind of mistake in a program: L0xx in reading it, L1xx in names, L2xx in types, L3xx in statements."""

    FILE_UNREADABLE = "L001", "a file of a program cannot be read"
    FILE_TOO_LARGE = "L002", "the files of a program are larger than `layout-bytes`"
    NOT_UTF8 = "L003", "a file is not UTF-8"
    BAD_CHARACTER = "L004", "a character that means nothing in the language, or cannot be seen"
    UNEXPECTED = "L005", "a word or sign that may not stand where it stands"
    TOO_DEEP = "L006", "nested deeper than `depth`, or than `nesting` once everything is expanded"
    TOO_MANY = "L007", "beyond one of the other limits on a program"
    UNKNOWN_MODULE = "L101", "there is no such module on the search path"
    IMPORT_CYCLE = "L102", "modules use each other in a circle"
    UNKNOWN_NAME = "L103", "a name that stands for nothing here"
    DUPLICATE_NAME = "L104", "a name is declared twice in one place"
    UNKNOWN_FIELD = "L105", "a region or window has no such part"
    UNKNOWN_TYPE = "L106", "there is no such type, or what is named is none"
    SHADOWED_NAME = "L107", "a name would hide one that is known from outside"
    TYPE_MISMATCH = "L201", "a value has another type than is needed, or two types do not go together"
    WRONG_OPERAND = "L202", "what stands here is no value, or not one that the operator is for"
    WRONG_ARGUMENTS = "L203", "too few or too many arguments, or parameters that an algorithm cannot have"
    LITERAL_TOO_LARGE = "L204", "a number does not fit in its type"
    DIVISION_BY_ZERO = "L205", "a divisor or alignment is 0"
    SHIFT_TOO_FAR = "L206", "a shift by the width of the value or more"
    NOT_CONSTANT = "L207", "this must be a constant"
    NOT_LINEAR = "L208", "a product of two variables"
    NEVER_FITS = "L209", "a constant expression whose result does not fit"
    BAD_RECORD = "L210", "a record that cannot be placed"
    BAD_MEMBER = "L211", "members that cannot be told apart, or a type that cannot have members"
    EMPTY_WINDOW = "L212", "a window, or the values to choose from, are empty"
    NOT_ASSIGNABLE = "L301", "this cannot be assigned to"
    OUTSIDE_PASS = "L302", "a statement about a region outside a pass"
    NESTED_PASS = "L303", "a pass inside a pass"
    UNREACHABLE = "L304", "a statement that is never reached"
    FORMULA_MISPLACED = "L306", "a quantifier, a total or a clause where it may not stand"
    UNKNOWN_VERDICT = "L307", "there is no such verdict"
    BAD_MESSAGE = "L308", "a message whose braces hold no expression, or are not paired"
    RECURSION = "L309", "something is defined by means of itself"
    NOTHING_GIVEN = "L310", "a scenario without a map"


class CommandCode(Explained):
    """One kind of mistake in what is named on a command line, or of what there is to say of it."""

    UNREADABLE = "C001", "a file cannot be read"
    UNKNOWN_MODEL = "C002", "there is no file or shipped model of that name"
    NO_PROGRAMS = "C003", "a folder holds no `.layout` file"
    NOTHING_TO_CHECK = "C004", "there is nothing to check"
    UNKNOWN_ALGORITHM = "C005", "which algorithm is meant cannot be told"
    WRONG_VALUE = "C006", "the value of a parameter is not one that it can have"
    MISSING_VALUE = "C007", "a parameter without a default was given no value"
    FOREIGN_FIELD = "C008", "the record of an algorithm has a field that no real map has"
    DOES_NOT_FIT = "C009", "a map is outside of what the algorithm is about"
    NO_CERTIFICATE = "C010", "a file is no certificate, or one that cannot be read"
    ALTERED = "C011", "a certificate was changed after it was made"
    OUTDATED = "C012", "a certificate is about other sources than those that are there"
    TOO_MUCH = "C013", "what a command is to do is more than a limit allows"
    UNWRITABLE = "C014", "a file cannot be written"
    UNKNOWN_CODE = "C015", "there is no such code"
    OVERLOOKED = "C016", "a file in this folder looks like a shipped one, and was not used"
    WRAPPED = "C017", "arithmetic that is meant to be exact did not fit"
    SOLVERS_DISAGREE = "C018", "two solvers disagree on a proof"
    NOT_CERTIFIED = "C019", "no certificate was written, since not everything was decided"
    TEXTS_WRITTEN = "C020", "the proofs were written as SMT-LIB texts"
    OTHER_VERSIONS = "C021", "a certificate was made by another version"
    PARTIAL_CERTIFICATE = "C022", "a certificate is about some of the checks"


class MapCode(Explained):
    """One kind of mistake in an input: M1xx in a memory map, M2xx in the bytes of a kexec hand-over."""

    NO_MAP = "M101", "the input holds no line of a memory map in any known format"
    CUT = "M102", "a line of the map ends before it is complete"
    MALFORMED = "M103", "a line of the map holds something that does not belong there"
    END_BEFORE_START = "M104", "a range ends before it starts"
    SIZE_DISAGREES = "M105", "the size printed beside a range is not the size of the range"
    PAGES_DISAGREE = "M106", "the page count printed beside a range is not that of the range"
    PARTIAL_PAGE = "M107", "the length of a range is not a whole number of 4 KiB pages"
    MISSING_INDEX = "M108", "the numbering of the list jumps: a line is missing"
    REPEATED_INDEX = "M109", "a line of the list is there twice or out of order"
    MIXED_FORMATS = "M110", "one list holds lines of two formats"
    UNKNOWN_TYPE = "M111", "the name of a memory type is not one that this format has"
    UNKNOWN_ATTRIBUTE = "M112", "the name of an attribute is not one that this format has, or it is there twice"
    NAME_DISAGREES = "M113", "the number and the name of a memory type name different types"
    INCOMPLETE = "M114", "the list does not have as many entries as its header announces"
    SUMMARY_DISAGREES = "M115", "the summary under the list counts other pages than the list"
    OUT_OF_RANGE = "M116", "a number does not fit its field"
    INPUT_TOO_LARGE = "M120", "the input is larger than the reader accepts"
    LINE_TOO_LONG = "M121", "a line is longer than the reader accepts"
    TOO_MANY = "M122", "the map has more descriptors than the reader accepts"
    UNREADABLE = "M130", "the file or directory cannot be read"
    JSON_SYNTAX = "M140", "the input begins like JSON but is not JSON"
    JSON_SHAPE = "M141", "the JSON does not have the shape of a memory map"
    JSON_REPEATED_KEY = "M142", "a JSON object has one key twice"
    SYSFS_FIELD = "M150", "a numbered directory of a runtime map lacks a file"
    NO_RUNTIME_LIST = "M160", "the kernel log has no list after `EFI runtime memory map:`"
    BYTES_MISSING = "M201", "the bytes end before the structure does"
    BYTES_LEFT = "M202", "there are more bytes than the structure has"
    STRIDE = "M203", "the descriptor size is not a multiple of 8 of at least 40"
    DESCRIPTOR_VERSION = "M204", "the descriptor version is not 1"
    PARTIAL_DESCRIPTOR = "M205", "the array does not hold a whole number of descriptors"
    CHAIN_OUTSIDE = "M206", "a pointer of the setup_data list leads out of the bytes given"
    CHAIN_LOOP = "M207", "the setup_data list leads back into itself, or its entries overlap"
    SETUP_HEADING = "M210", "a line is neither the heading of a setup_data entry nor a row of its bytes"
    SETUP_ORDER = "M211", "the setup_data entries are not numbered one after the other"
    SETUP_ROW = "M212", "a row of setup_data bytes is not pairs of hexadecimal digits"
    NUMBER_LINE = "M214", "a value under a heading is not a hexadecimal number"
    BOOT_PARAMS_SHAPE = "M220", "the JSON does not have the shape of decoded boot parameters"
    BOOT_PARAMS_DISAGREE = "M221", "a decoded field is not what the raw bytes beside it say"
    NO_HANDOVER = "M230", "there is nothing here that one kernel handed to another"
    INPUT_TWICE = "M231", "the same part of the hand-over was given twice"
    TOO_MANY_COMPARED = "M232", "the maps have more entries than can be compared"
    TOO_MANY_PARTS = "M233", "what is handed over has more parts than the reader accepts"


class FindingCode(Explained):
    """One kind of finding: M30x to M32x about what was handed over, M33x about a map, M34x about the new kernel."""

    EFI_ABSENT = "M301", "efi_info is all zero: the new kernel runs as if there were no EFI"
    SIZES = "M302", "memmap_size and memdesc_size do not describe an array of descriptors"
    STRIDE_UNUSUAL = "M303", "the descriptor size is neither 40 nor 48"
    VERSION = "M304", "the descriptor version handed over is not 1"
    NO_POINTER = "M305", "efi_info holds no address where one has to be"
    COUNT_DIFFERS = "M306", "the map handed over has other entries in number than the one exported"
    STRIDE_CHANGED = "M307", "the descriptor size is not the one that the old kernel had"
    SYSTEM_TABLE_CHANGED = "M308", "the system table is not the one that the old kernel had"
    FIRMWARE_32_BIT = "M309", "the firmware has 32 bits"
    NO_SETUP_EFI = "M310", "there is no SETUP_EFI entry"
    SETUP_EFI_REPEATED = "M311", "there are several SETUP_EFI entries"
    SETUP_EFI_SIZE = "M312", "the SETUP_EFI entry does not carry 96 bytes"
    LAYOUT_SKEW = "M313", "the SETUP_EFI entry is laid out as in 5.7-rc1, without the member `runtime`"
    RUNTIME_ZERO = "M314", "the address of the runtime services is not handed over"
    SMBIOS_ZERO = "M315", "the address of the SMBIOS table handed over is 0"
    SMBIOS_INVALID = "M316", "the address of the SMBIOS table handed over says that there is none"
    TABLES_ZERO = "M317", "the address of the configuration tables, or of the vendor's name, is 0"
    POINTER_DIFFERS = "M318", "an address handed over is not the one that the old kernel shows"
    RESERVED_USED = "M319", "reserved words of the SETUP_EFI entry are not zero"
    ARRAY_SIZE = "M320", "the array of descriptors is not as long as efi_info says, or not an array"
    ARRAY_DIFFERS = "M321", "the array of descriptors is not the map that the old kernel exported"
    ARRAY_PADDING = "M322", "bytes of the array that mean nothing are not zero"
    NOT_GIVEN = "M329", "a part of the hand-over was not given"
    ZERO_DESCRIPTOR = "M330", "entries are zero throughout"
    EMPTY_REGION = "M331", "entries have no pages"
    NO_ADDRESS = "M332", "entries have no virtual address"
    SHARED_ADDRESS = "M333", "two physical ranges claim one virtual address"
    IMPOSSIBLE_RANGE = "M334", "ranges reach past the end of the address space"
    MISALIGNED = "M335", "addresses are not those of pages"
    NOTHING_EXPORTED = "M336", "the old kernel exports no region"
    BOOT_SERVICES_PASSED = "M337", "boot-services regions are among those handed over"
    ADDRESSES_UNKNOWN = "M338", "a map comes from a kernel log, which names no virtual addresses"
    NO_RUNTIME_MAP = "M340", "the new kernel has no runtime map"
    MISSING = "M341", "regions are not in the new kernel's map"
    MOVED = "M342", "regions are at another address in the new kernel"
    EXTRA = "M343", "the new kernel maps what the old one did not"
    DIVIDED = "M344", "entries are divided in another way, each page at its address"
    ORDER_CHANGED = "M345", "the entries are in another order"
    ATTRIBUTES_GREW = "M346", "entries have more attributes than before"
    ATTRIBUTES_LOST = "M347", "entries have lost attributes"
    RETYPED = "M348", "entries are of another type than before"
    RUNTIME_POINTER = "M349", "the new kernel looks for the runtime services where the old one did not have them"


REGISTRY: dict[str, Explained] = {
    code.value: code for kind in (LayoutCode, CommandCode, MapCode, FindingCode) for code in kind
}
"""All codes by their text, in the order in which the pages have them."""
