package miroir.index.view;

import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A part of a view, compiled, before it is known what comes after it.
 *
 * @param level what its cells are asked of
 * @param cells its own columns
 * @param iteration what it is done for; null: once
 */
record SelectPart(
        int level,
        List<Cell> cells,
        List<SelectPart> selects,
        List<SelectPart> branches,
        @Nullable Iteration iteration) {
    SelectPart {
        cells = List.copyOf(cells);
        selects = List.copyOf(selects);
        branches = List.copyOf(branches);
    }

    /** Makes a step of what is done each time and of what is done where there is nothing to do it for. */
    interface Iteration extends BiFunction<RowStep, RowStep, RowStep> {}

    /** All its columns, in their order. */
    List<Cell> columns() {
        List<Cell> columns = new ArrayList<>(cells);
        selects.forEach(select -> columns.addAll(select.columns()));
        branches.stream().limit(1).forEach(branch -> columns.addAll(branch.columns()));
        return columns;
    }

    RowStep before(RowStep next) {
        RowStep after = branches.isEmpty()
                ? next
                : RowStep.union(
                        branches.stream().map(branch -> branch.before(next)).toList());
        ListIterator<SelectPart> last = selects.listIterator(selects.size());
        while (last.hasPrevious()) {
            after = last.previous().before(after);
        }
        RowStep body = RowStep.fill(level, cells, after);
        return iteration == null ? body : iteration.apply(body, ofNothing(next));
    }

    /** A row in which nothing of this is. */
    private RowStep ofNothing(RowStep next) {
        List<Cell> all = columns();
        return run -> {
            run.step();
            all.forEach(cell -> run.put(cell.at(), cell.ofNothing(level)));
            return next.run(run);
        };
    }
}
