package miroir.index.structure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import miroir.index.structure.TypeDefinition.Kind;

/** Reads the block of one type: its line (kind, name, ancestor), then a line per element (name, types, flags, codes). */
final class TypeReader {
    private final Map<String, String> codeLists;
    private final Map<String, CodeList> read = new ConcurrentHashMap<>();

    /** The columns of the code lists, by number. */
    TypeReader(Map<String, String> codeLists) {
        this.codeLists = codeLists;
    }

    TypeDefinition read(String block, Function<String, Map<String, ElementDefinition>> inherited) {
        List<String> lines = block.lines().toList();
        String[] head = lines.get(0).split("\t", -1);
        if (head[0].equals("primitive")) {
            return new TypeDefinition(head[1], Kind.PRIMITIVE, Map.of());
        }
        Map<String, ElementDefinition> elements = new LinkedHashMap<>();
        if (!head[2].isEmpty()) {
            elements.putAll(inherited.apply(head[2]));
        }
        for (String line : lines.subList(1, lines.size())) {
            addElement(elements, line.split("\t", -1));
        }
        Kind kind = head[0].equals("complex") ? Kind.COMPLEX : Kind.RESOURCE;
        return new TypeDefinition(head[1], kind, Collections.unmodifiableMap(elements));
    }

    private void addElement(Map<String, ElementDefinition> elements, String[] columns) {
        String path = columns[1];
        boolean choice = path.endsWith("[x]");
        String stem = choice ? path.substring(0, path.length() - 3) : path;
        for (String type : columns[2].split("\\|", -1)) {
            int targets = type.indexOf('(');
            String bare = targets < 0 ? type : type.substring(0, targets);
            String name = choice ? stem + capitalised(bare) : stem;
            String flags = columns[3];
            elements.put(
                    name,
                    new ElementDefinition(
                            name,
                            stem,
                            bare,
                            flags.charAt(0) - '0',
                            flags.charAt(1) == '*',
                            flags.indexOf('s') > 0,
                            flags.indexOf('m') > 0,
                            targets < 0
                                    ? List.of()
                                    : List.of(type.substring(targets + 1, type.length() - 1)
                                            .split(",")),
                            columns[4].isEmpty() || !bare.equals("code") ? CodeList.ANY : codes(columns[4])));
        }
    }

    /** Lists are shared: hundreds of elements are bound to the same few. */
    private CodeList codes(String number) {
        return read.computeIfAbsent(number, n -> {
            String columns = codeLists.get(n);
            if (columns == null) {
                throw new IllegalStateException("structure table: unknown code list " + n);
            }
            String[] both = columns.split("\t", -1);
            return CodeList.read(both[0], both[1]);
        });
    }

    private static String capitalised(String type) {
        return Character.toUpperCase(type.charAt(0)) + type.substring(1);
    }
}
