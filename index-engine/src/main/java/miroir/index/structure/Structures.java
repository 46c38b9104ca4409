package miroir.index.structure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The structure tables of one FHIR release.
 *
 * <p>They come from one text file of about 200 kB, which is cut into one block per type at the start and read type by
 * type when somebody asks: a directory server touches some sixty of the seven hundred types. {@code StructureTable}
 * among the tests writes the file and says what its columns mean.
 */
public final class Structures {
    private static final Structures R4 = fromClassPath("r4.tsv");

    private final Map<String, String> blocks;
    private final Map<String, String> regexes;
    private final TypeReader reader;
    private final Set<String> resourceTypes;
    private final Map<String, TypeDefinition> read = new ConcurrentHashMap<>();

    private Structures(String table) {
        StructureTableText text = StructureTableText.cut(table);
        blocks = text.blocks();
        regexes = text.regexes();
        reader = new TypeReader(text.codeLists());
        resourceTypes = text.resourceTypes();
    }

    /** FHIR R4, 4.0.1. */
    public static Structures r4() {
        return R4;
    }

    /** The types that can be stored and exchanged, in alphabetical order; not the abstract ones. */
    public Set<String> resourceTypes() {
        return resourceTypes;
    }

    /** Every name that {@link #type} knows: resources, data types, primitives, backbone elements. */
    public Set<String> typeNames() {
        return blocks.keySet();
    }

    /** The type with that name, which is a path for a backbone element ({@code Patient.contact}), or null. */
    public @Nullable TypeDefinition type(String name) {
        TypeDefinition known = read.get(name);
        if (known != null) {
            return known;
        }
        String block = blocks.get(name);
        return block == null ? null : read.computeIfAbsent(name, n -> reader.read(block, this::inherited));
    }

    /** The regular expression that the specification gives for a primitive; null where it gives none. */
    public @Nullable String regex(String primitive) {
        return regexes.get(primitive);
    }

    /** The elements of an ancestor; read afresh, since a map must not be changed from inside its own computation. */
    private Map<String, ElementDefinition> inherited(String ancestor) {
        String block = blocks.get(ancestor);
        if (block == null) {
            throw new IllegalStateException("structure table: unknown ancestor " + ancestor);
        }
        return reader.read(block, this::inherited).elements();
    }

    private static Structures fromClassPath(String name) {
        try (InputStream in = Structures.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("structure table is not on the class path: " + name);
            }
            return new Structures(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file cut into blocks, a block being the line of a type and the lines of its own elements. */
    private record StructureTableText(
            Map<String, String> blocks,
            Map<String, String> regexes,
            Map<String, String> codeLists,
            Set<String> resourceTypes) {

        static StructureTableText cut(String table) {
            StructureTableText text = new StructureTableText(
                    new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashSet<>());
            int start = 0;
            while (start < table.length()) {
                int end = endOfBlock(table, start);
                text.add(table.substring(start, end));
                start = end;
            }
            return text;
        }

        private static int endOfBlock(String table, int start) {
            int next = table.indexOf('\n', start) + 1;
            while (next < table.length() && table.charAt(next) == '\t') {
                next = table.indexOf('\n', next) + 1;
            }
            return next;
        }

        private void add(String block) {
            String[] head = block.substring(0, block.indexOf('\n')).split("\t", -1);
            switch (head[0]) {
                case "codes" -> codeLists.put(head[1], head[2] + "\t" + head[3]);
                case "primitive" -> {
                    blocks.put(head[1], block);
                    if (!head[2].isEmpty()) {
                        regexes.put(head[1], head[2]);
                    }
                }
                case "resource" -> {
                    blocks.put(head[1], block);
                    resourceTypes.add(head[1]);
                }
                case "abstract", "complex" -> blocks.put(head[1], block);
                case "#" -> {}
                default -> throw new IllegalStateException("structure table: unknown line: " + head[0]);
            }
        }
    }
}
