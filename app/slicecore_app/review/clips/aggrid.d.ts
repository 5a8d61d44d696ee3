// The part of AgGrid's interface that the clips table calls; AgGrid itself comes with streamlit-aggrid.

import type { Context, Row } from "./cells.js";

type Direction = "asc" | "desc";

export interface GridNode {
  id: string;
  data: Row;
  /** null where a filter hides the row. */
  rowIndex: number | null;
  setSelected(isSelected: boolean, clearsOthers: boolean): void;
}

interface GridColumn {
  getColId(): string;
  getColDef(): { headerName?: string; hide?: boolean };
  getActualWidth(): number;
  isVisible(): boolean;
}

interface ColumnState {
  colId: string;
  sort: Direction | null;
  sortIndex: number;
}

export interface GridApi {
  isDestroyed(): boolean;
  getGridOption(name: "context"): Context;
  getRowNode(id: string): GridNode | undefined;
  getDisplayedRowAtIndex(index: number): GridNode | undefined;
  getDisplayedRowCount(): number;
  getSelectedNodes(): GridNode[];
  deselectAll(): void;
  ensureIndexVisible(index: number, place: "top"): void;
  ensureColumnVisible(column: string): void;
  getColumn(id: "value" | "edits" | "id"): GridColumn;
  getColumn(id: string): GridColumn | null;
  getAllGridColumns(): GridColumn[];
  getAllDisplayedColumns(): GridColumn[];
  getColumnState(): ColumnState[];
  applyColumnState(change: { state: Partial<ColumnState>[]; defaultState: { sort: null } }): void;
  moveColumns(columns: string[], to: number): void;
  setColumnsVisible(columns: string[], isVisible: boolean): void;
  setColumnWidths(widths: { key: GridColumn; newWidth: number }[]): void;
  updateGridOptions(options: Record<string, unknown>): void;
  refreshCells(which: { columns: string[]; force: boolean }): void;
}
