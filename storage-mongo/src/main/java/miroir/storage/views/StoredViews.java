package miroir.storage.views;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import miroir.index.view.ReadView;
import miroir.index.view.View;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;

/** The views of an installation, one in each JSON file of a folder. What cannot be used stops the start, with file, line and reason. */
public final class StoredViews {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.]{1,64}");
    private static final String ENDING = ".json";
    private static final int LARGEST = 1 << 20;
    private static final int DEEPEST = 30;

    private final Map<String, StoredView> views;

    private StoredViews(Map<String, StoredView> views) {
        this.views = views;
    }

    /** None at all. */
    public static StoredViews none() {
        return new StoredViews(Map.of());
    }

    /**
     * Those of a folder, which need not be there.
     *
     * @param ownBases how absolute references to resources of this server begin
     * @param types that are served; views of others are read, and are not there
     */
    public static StoredViews read(Path folder, Set<String> ownBases, Set<String> types) throws IOException {
        Map<String, StoredView> views = new TreeMap<>();
        ReadView reader = new ReadView(ownBases);
        for (Path file : files(folder)) {
            StoredView view = read(file, reader);
            requireOther(views.values(), view, file);
            if (types.contains(view.view().compiled().resourceType())) {
                views.put(view.id(), view);
            }
        }
        return new StoredViews(views);
    }

    /** Who names a view by its URL means one. */
    private static void requireOther(Collection<StoredView> known, StoredView view, Path file) {
        String url = view.view().url();
        for (StoredView each : known) {
            if (url != null && url.equals(each.view().url())) {
                throw new ConfigurationRefused(
                        file.toString(), "url: " + Refusal.shown(url) + " is that of " + each.id() + ENDING + ", too");
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        }
    }

    private static StoredView read(Path file, ReadView reader) throws IOException {
        String text = text(file);
        YamlNode node = YamlNode.parseJson(file.toString(), text);
        View view = reader.read(node);
        YamlNode id = node.require("id");
        String name = file.getFileName().toString();
        if (!ID.matcher(id.text()).matches() || !name.equals(id.text() + ENDING)) {
            throw id.refuse("\"" + id.text() + "\" is not what the file is called, which is the id and " + ENDING
                    + "; an id has 1 to 64 of A-Z, a-z, 0-9, '-' and '.'");
        }
        YamlNode type = node.require("resourceType");
        try {
            return new StoredView(
                    id.text(),
                    view,
                    new ResourceReader(Structures.r4(), new ReadLimits(LARGEST, DEEPEST))
                            .readUnchecked(text.getBytes(StandardCharsets.UTF_8)));
        } catch (Refusal e) {
            throw type.refuse(String.valueOf(e.getMessage()));
        }
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new ConfigurationRefused(file.toString(), "is larger than " + LARGEST + " bytes");
        }
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new ConfigurationRefused(file.toString(), "is not in UTF-8");
        }
    }

    /** All of them, by their ids. */
    public Collection<StoredView> all() {
        return List.copyOf(views.values());
    }

    /** The one with that id. */
    public StoredView require(String id) {
        StoredView view = views.get(id);
        if (view == null) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "there is no view \"" + Refusal.shown(id) + "\"; " + known());
        }
        return view;
    }

    /**
     * The one that is meant: by its canonical URL, or by a reference.
     *
     * @param base that of the request
     */
    public StoredView resolve(String reference, String base) {
        Optional<StoredView> byUrl =
                views.values().stream().filter(view -> view.isAt(reference)).findFirst();
        if (byUrl.isPresent()) {
            return byUrl.get();
        }
        String below = reference.startsWith(base + "/") ? reference.substring(base.length() + 1) : reference;
        String prefix = StoredView.TYPE + "/";
        if (!below.startsWith(prefix)) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "\"" + Refusal.shown(reference) + "\" leads to no view of this server, to which " + prefix
                            + "[id] does; " + known());
        }
        return require(below.substring(prefix.length()));
    }

    private String known() {
        List<String> ids = new ArrayList<>(views.keySet());
        return ids.isEmpty() ? "there are none" : "there are " + String.join(", ", ids);
    }
}
