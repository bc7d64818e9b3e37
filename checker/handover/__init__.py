"""Reads what one kernel hands to the next through kexec, and checks it against what either of them shows."""

from __future__ import annotations

from checker.handover.boot_params import (
    BootParams,
    read_boot_params,
    write_boot_params,
)
from checker.handover.capture import (
    capture_map,
    is_capture,
    no_capture,
    read_capture,
    read_handover,
    read_part,
    read_parts,
    signs_beside,
)
from checker.handover.checks.arrival import (
    Kernel,
    KexecStep,
    check_handover,
    check_step,
)
from checker.handover.difference import (
    Difference,
    compare,
)
from checker.handover.efi_files import (
    EfiFiles,
    read_efi_files,
)
from checker.handover.handed import (
    marked,
    number_of,
    read_handed,
    with_addresses,
)
from checker.handover.setup_dump import (
    SetupDump,
    SetupEntry,
    read_setup_dump,
    write_setup_dump,
)
from checker.handover.structures import (
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

__all__ = [
    "BootParams",
    "Difference",
    "EfiFiles",
    "EfiInfo",
    "EfiSetup",
    "EfiSetupWithoutRuntime",
    "Kernel",
    "SetupDump",
    "SetupEntry",
    "SetupNode",
    "SetupType",
    "KexecStep",
    "capture_map",
    "check_handover",
    "check_step",
    "compare",
    "decode_efi_info",
    "decode_efi_setup",
    "decode_efi_setup_without_runtime",
    "decode_setup_chain",
    "decode_setup_node",
    "encode_efi_info",
    "encode_efi_setup",
    "encode_setup_node",
    "is_capture",
    "marked",
    "no_capture",
    "number_of",
    "read_across",
    "read_boot_params",
    "read_capture",
    "signs_beside",
    "read_efi_files",
    "read_handed",
    "read_handover",
    "read_part",
    "read_parts",
    "read_setup_dump",
    "with_addresses",
    "write_boot_params",
    "write_setup_dump",
]
