"""Names of uploaded files that hold a path: Django cuts the path off unseen, here it is noticed and can be refused."""

from __future__ import annotations

from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser

# stands in front of a name from which a path was cut off; `documents.clean_name` refuses it
PATH_MARK: Final = "\uf8ff"


class _NoticingParser(MultiPartParser):
    def sanitize_file_name(self, file_name: str) -> str | None:
        """Cut the path off as Django does, and leave a mark that there was one."""
        clean: str | None = super().sanitize_file_name(file_name)
        return f"{PATH_MARK}{clean}" if clean and ("/" in file_name or "\\" in file_name) else clean


class PathNoticingHandler(FileUploadHandler):
    """Stands first among the upload handlers and lets the others work under a parser that marks names with paths."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 as Django calls it
        content_length: Any,
        boundary: Any,
        encoding: Any = None,
    ) -> Any:
        del content_length, boundary
        assert self.request is not None
        others = [handler for handler in self.request.upload_handlers if handler is not self]
        return _NoticingParser(META, input_data, others, encoding).parse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        del start
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Say that the other handlers keep the file."""
        del file_size
