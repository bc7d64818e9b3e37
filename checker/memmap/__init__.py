"""Reads and writes real memory maps and kexec hand-over bytes; the only place in Python that knows what real formats
look like."""

from __future__ import annotations

from checker.memmap.boot_params import BootParams, read_boot_params, write_boot_params
from checker.memmap.capture import read_capture, read_handover, read_part, read_parts
from checker.memmap.codes import Code
from checker.memmap.descriptor import (
    ATTRIBUTES,
    PAGE_SIZE,
    RUNTIME,
    TYPES,
    Descriptor,
    Format,
    MemoryMap,
    Origin,
)
from checker.memmap.difference import Difference, compare
from checker.memmap.efi_files import EfiFiles, read_efi_files
from checker.memmap.findings import Finding, FindingCode, Severity
from checker.memmap.handover import (
    EfiInfo,
    EfiSetup,
    EfiSetupWithoutRuntime,
    SetupNode,
    SetupType,
    decode_efi_info,
    decode_efi_setup,
    decode_efi_setup_without_runtime,
    decode_setup_chain,
    decode_setup_node,
    encode_efi_info,
    encode_efi_setup,
    encode_setup_node,
    read_across,
)
from checker.memmap.json_map import write_json
from checker.memmap.limits import Limits
from checker.memmap.raw import (
    DescriptorArray,
    Record,
    array_of,
    decode_array,
    encode_array,
    read_raw_bytes,
    read_raw_path,
)
from checker.memmap.reader import read_bytes, read_path, read_runtime_bytes, read_runtime_path
from checker.memmap.restore import Kernel, Step, check_handover, check_step
from checker.memmap.setup_dump import SetupDump, SetupEntry, read_setup_dump, write_setup_dump

__all__ = [
    "ATTRIBUTES",
    "PAGE_SIZE",
    "RUNTIME",
    "TYPES",
    "BootParams",
    "Code",
    "Descriptor",
    "DescriptorArray",
    "Difference",
    "EfiFiles",
    "EfiInfo",
    "EfiSetup",
    "EfiSetupWithoutRuntime",
    "Finding",
    "FindingCode",
    "Format",
    "Kernel",
    "Limits",
    "MemoryMap",
    "Origin",
    "Record",
    "SetupDump",
    "SetupEntry",
    "SetupNode",
    "SetupType",
    "Severity",
    "Step",
    "array_of",
    "check_handover",
    "check_step",
    "compare",
    "decode_array",
    "decode_efi_info",
    "decode_efi_setup",
    "decode_efi_setup_without_runtime",
    "decode_setup_chain",
    "decode_setup_node",
    "encode_array",
    "encode_efi_info",
    "encode_efi_setup",
    "encode_setup_node",
    "read_across",
    "read_boot_params",
    "read_bytes",
    "read_capture",
    "read_efi_files",
    "read_handover",
    "read_part",
    "read_parts",
    "read_path",
    "read_raw_bytes",
    "read_raw_path",
    "read_runtime_bytes",
    "read_runtime_path",
    "read_setup_dump",
    "write_boot_params",
    "write_json",
    "write_setup_dump",
]
