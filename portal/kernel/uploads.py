"""How uploaded files come in: what Django does unseen is noticed or kept from happening.

It cuts paths off names, and it writes large files to the disk of the machine before anybody has looked at them.
"""

from __future__ import annotations

import io
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
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


class UnwrittenHandler(FileUploadHandler):
    """Keeps files of the addresses in `UPLOADS_IN_MEMORY` in memory, whatever their size: no disk meets them unsealed.

    More than a document may have is counted and not kept, so that it is refused as too large with no more memory.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._kept: io.BytesIO | None = None
        path = getattr(self.request, "path_info", "")
        if any(part in path for part in settings.UPLOADS_IN_MEMORY):
            self._kept = io.BytesIO()
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self._kept is None:
            return raw_data
        if start <= settings.DOCUMENT_MAX_BYTES:
            self._kept.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if self._kept is None:
            return None
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
