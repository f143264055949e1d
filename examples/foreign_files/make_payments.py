"""Writes twelve files about payments as twelve other programs would, so that each can be read here as text."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl


def write(folder: str) -> list[str]:
    """Write the files into a folder, which is made; gives their names."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        Path(folder, name).write_bytes(content)
    return sorted(files())


def files() -> dict[str, bytes]:
    """The files by their names."""
    return {
        # A German bank: Windows' letters, semicolons, decimal commas, days first.
        "bank.csv": text(
            "Kunde;Tag;Betrag", "Müller GmbH;31.01.2026;1.234,50", "Größe AG;02.02.2026;99,90", encoding="cp1252"
        ),
        # Excel, with the line by which it knows the separator, and a comma in a name.
        "excel.csv": text(
            "sep=,",
            "customer,day,amount",
            '"Smith, Ltd",2026-01-15,250.00',
            "Jones,2026-01-16,5.25",
            encoding="utf-8-sig",
        ),
        # An ERP: "Unicode text", which means UTF-16 with tabs.
        "erp.txt": text(
            "Client\tDate\tTotal", "Dupré SA\t2026-01-20\t80", "Côté SA\t2026-01-21\t81.5", encoding="utf-16"
        ),
        # A terminal: tabs, and a time beside the day.
        "terminal.txt": text("payer\tat\tsum", "Alpha\t2026-01-05 09:30\t12.5", "Beta\t2026-01-06 17:05\t7"),
        # A shop: one object in each line.
        "shop.jsonl": text(
            '{"who": "Gamma", "when": "2026-01-07", "paid": 19.99}', '{"who": "Delta", "when": "2026-01-08", "paid": 5}'
        ),
        # A service on Windows: JSON behind a byte order mark.
        "service.json": text('[{"name": "Epsilon", "on": "2026-01-09", "value": 3.5}]', encoding="utf-8-sig"),
        # A report: a title over merged cells, then a header with a date as the name of a column.
        "report.xlsx": workbook(),
        # A web application: a page of HTML that only calls itself a workbook. It cannot be read.
        "webapp.xls": text("<html><table><tr><td>customer</td><td>amount</td></tr></table></html>"),
        # A Mac: names in an archive that are UTF-8, without the flag that says so.
        "mac.zip": archive("März.csv", text("customer,day,amount", "Eta,2026-03-01,40")),
        # A mailbox: dates as mail has them, each with its own time zone.
        "mailbox.csv": text(
            "from,date,total", 'Theta,"Sat, 31 Jan 2026 23:30:00 -0500",60', 'Iota,"Sun, 1 Feb 2026 08:00:00 +0100",61'
        ),
        # An American program: months first, commas between thousands.
        "american.csv": text("Customer,Date,Amount", 'Kappa,01/31/2026,"1,234.50"', 'Lambda,02/01/2026,"12,000.00"'),
        # A Russian program: Cyrillic letters of Windows.
        "cyrillic.csv": text(
            "Клиент;Дата;Сумма", "Север;31.01.2026;700,00", "Восток;01.02.2026;50,50", encoding="cp1251"
        ),
    }


def text(*lines: str, encoding: str = "utf-8") -> bytes:
    """Lines as Windows ends them."""
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


def workbook() -> bytes:
    """A workbook whose table begins in its third row."""
    book, raw = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["Payments of January"])
    sheet.merge_cells("A1:B1")
    sheet.append([])
    sheet.append(["Customer", date(2026, 1, 31)])
    sheet.append(["Zeta", 15])
    sheet.append(["Mu", 16.5])
    book.save(raw)
    return raw.getvalue()


def archive(name: str, content: bytes) -> bytes:
    """An archive with one file, whose name has no flag for its encoding."""
    raw, stored = io.BytesIO(), name.encode()
    stand_in = "N" * len(stored)
    with zipfile.ZipFile(raw, "w") as made:
        made.writestr(stand_in, content)
    return raw.getvalue().replace(stand_in.encode(), stored)


if __name__ == "__main__":
    print("\n".join(write(sys.argv[1] if len(sys.argv) > 1 else "payments")))
