package miroir.index.view;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/** Reads {@code select} elements, and what is in them. */
final class SelectReader {
    private static final int DEEPEST = 12;
    private static final int MOST_SELECTS = 200;
    private static final int MOST_COLUMNS = 500;
    private static final int MOST_REPEATED = 20;
    private static final List<String> ITERATIONS = List.of("forEach", "forEachOrNull", "repeat");

    private final Surroundings surroundings;
    private final ColumnReader columns;
    private int levels = 1;
    private int selects;

    SelectReader(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.columns = new ColumnReader(surroundings);
    }

    /** How many levels there are. */
    int levels() {
        return levels;
    }

    /** The elements of a list, in order, whose columns follow each other. */
    List<SelectPart> all(YamlNode list, Place place) {
        List<SelectPart> parts = new ArrayList<>();
        int column = place.column();
        for (YamlNode item : list.items()) {
            SelectPart part = select(item, place.at(column));
            parts.add(part);
            column += part.columns().size();
        }
        return parts;
    }

    /**
     * Where a select stands.
     *
     * @param column its first one
     * @param types of what it is asked
     */
    record Place(int column, int level, Set<String> types, int depth) {
        Place {
            types = Set.copyOf(types);
        }

        static Place first(String resourceType) {
            return new Place(0, 0, Set.of(resourceType), 0);
        }

        Place at(int otherColumn) {
            return new Place(otherColumn, level, types, depth);
        }

        Place within(int innerLevel, Set<String> innerTypes) {
            return new Place(column, innerLevel, innerTypes, depth + 1);
        }
    }

    /** What a select is done for. */
    private record Iterated(int level, Set<String> types, SelectPart.@Nullable Iteration iteration) {
        Iterated {
            types = Set.copyOf(types);
        }
    }

    private SelectPart select(YamlNode node, Place place) {
        node.allowOnly(
                "id",
                "extension",
                "modifierExtension",
                "column",
                "select",
                "forEach",
                "forEachOrNull",
                "repeat",
                "unionAll");
        requireBounds(node, place);
        Iterated iterated = iterated(node, place);
        Place inner = place.within(iterated.level(), iterated.types());
        List<Cell> cells = cells(node.find("column"), inner);
        List<SelectPart> nested = listed(node.find("select"), inner.at(inner.column() + cells.size()));
        int before = cells.size()
                + nested.stream().mapToInt(part -> part.columns().size()).sum();
        List<SelectPart> branches = branches(node.find("unionAll"), inner.at(inner.column() + before));
        if (cells.isEmpty() && nested.isEmpty() && branches.isEmpty()) {
            throw node.refuse("there is nothing in it; allowed are column, select and unionAll");
        }
        if (node.find("modifierExtension") != null) {
            throw node.refuse("a modifierExtension changes what it means, and none is understood");
        }
        return new SelectPart(iterated.level(), cells, nested, branches, iterated.iteration());
    }

    private void requireBounds(YamlNode node, Place place) {
        if (place.depth() > DEEPEST) {
            throw node.refuse("it nests too deep; allowed are " + DEEPEST + " levels of select and unionAll");
        }
        if (++selects > MOST_SELECTS) {
            throw node.refuse("there are too many of them; allowed are " + MOST_SELECTS + " in a view");
        }
    }

    private List<Cell> cells(@Nullable YamlNode list, Place place) {
        List<Cell> cells = new ArrayList<>();
        for (YamlNode item : list == null ? List.<YamlNode>of() : list.items()) {
            int at = place.column() + cells.size();
            if (at >= MOST_COLUMNS) {
                throw item.refuse("there are too many columns; allowed are " + MOST_COLUMNS);
            }
            cells.add(columns.read(item, at, place.level(), place.types()));
        }
        return cells;
    }

    private List<SelectPart> listed(@Nullable YamlNode list, Place place) {
        return list == null ? List.of() : all(list, place);
    }

    /** All of them fill the same columns. */
    private List<SelectPart> branches(@Nullable YamlNode list, Place place) {
        List<SelectPart> branches = new ArrayList<>();
        for (YamlNode item : list == null ? List.<YamlNode>of() : list.items()) {
            SelectPart branch = select(item, place);
            if (!branches.isEmpty()) {
                requireSame(item, branches.get(0).columns(), branch.columns());
            }
            branches.add(branch);
        }
        return branches;
    }

    private static void requireSame(YamlNode node, List<Cell> first, List<Cell> others) {
        if (first.size() != others.size()) {
            throw node.refuse("it has " + others.size() + " columns, and the first of unionAll has " + first.size()
                    + "; all need the same ones in the same order");
        }
        for (int i = 0; i < first.size(); i++) {
            String difference =
                    ColumnReader.difference(others.get(i).column(), first.get(i).column());
            if (difference != null) {
                throw node.refuse("all of unionAll need the same columns in the same order, and in place " + (i + 1)
                        + " are " + difference);
            }
        }
    }

    // --- what it is done for

    private Iterated iterated(YamlNode node, Place place) {
        List<String> given =
                ITERATIONS.stream().filter(key -> node.find(key) != null).toList();
        if (given.size() > 1) {
            throw node.refuse("it has " + String.join(" and ", given) + "; allowed is one of them");
        }
        YamlNode repeat = node.find("repeat");
        if (given.isEmpty()) {
            return new Iterated(place.level(), place.types(), null);
        }
        return repeat == null ? forEach(node, given.get(0), place) : repeat(repeat, place);
    }

    private Iterated forEach(YamlNode node, String key, Place place) {
        Typed each = compiled(node.require(key), place.types(), false);
        int parent = place.level();
        int level = levels++;
        return new Iterated(
                level,
                each.types(),
                key.equals("forEach")
                        ? (body, orElse) -> RowStep.forEach(parent, each.path(), level, body)
                        : (body, orElse) -> RowStep.forEachOrElse(parent, each.path(), level, body, orElse));
    }

    /** What is found is of types from which the paths may lead to more types; there are not many of them. */
    private Iterated repeat(YamlNode list, Place place) {
        if (list.items().isEmpty() || list.items().size() > MOST_REPEATED) {
            throw list.refuse("it has " + list.items().size() + " paths; allowed are 1 to " + MOST_REPEATED);
        }
        Set<String> found = new HashSet<>();
        Set<String> from = new HashSet<>(place.types());
        boolean isMore = true;
        while (isMore) {
            list.items().forEach(path -> found.addAll(compiled(path, from, true).types()));
            isMore = from.addAll(found);
        }
        List<Path> paths =
                list.items().stream().map(path -> descending(path, from).path()).toList();
        int parent = place.level();
        int level = levels++;
        return new Iterated(level, found, (body, orElse) -> RowStep.repeat(parent, paths, level, body));
    }

    /** One that leads to where it comes from would never end. */
    private Typed descending(YamlNode path, Set<String> types) {
        if (!ExpressionCompiler.isDescending(path)) {
            throw path.refuse("a path of repeat leads to elements of what it is asked of, such as \"item\"");
        }
        return compiled(path, types, true);
    }

    private Typed compiled(YamlNode path, Set<String> types, boolean isLenient) {
        return ExpressionCompiler.compileToIterate(path, surroundings, types, isLenient);
    }

    /** The columns of all of these, none of which may be called as another one is. */
    static List<Column> distinct(YamlNode view, List<SelectPart> parts) {
        List<Column> columns = parts.stream()
                .flatMap(part -> part.columns().stream())
                .map(Cell::column)
                .toList();
        Set<String> seen = new HashSet<>();
        for (Column column : columns) {
            if (!seen.add(column.name().toLowerCase(Locale.ROOT))) {
                throw view.refuse("two columns are called " + column.name() + " (letter case does not count in SQL)");
            }
        }
        return columns;
    }
}
