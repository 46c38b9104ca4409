package miroir.server.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import miroir.index.yaml.ConfigurationRefused;

/**
 * How a deployer's pages look: a folder with a stylesheet, which comes after ours, and a logo. It is read once, at the start, and served from here:
 * pages load nothing from elsewhere.
 */
public final class Theme {
    private static final String STYLE = "theme.css";
    private static final String SVG = "logo.svg";
    private static final String PNG = "logo.png";
    private static final String OURS = "miroir.svg";

    private static final Map<String, String> TYPES =
            new TreeMap<>(Map.of(STYLE, "text/css;charset=UTF-8", SVG, "image/svg+xml", PNG, "image/png"));

    private static final int MOST = 256 << 10;
    private static final byte[] PNG_BEGINS = {(byte) 0x89, 'P', 'N', 'G'};

    private final Map<String, Asset> assets;

    private Theme(Map<String, Asset> assets) {
        this.assets = assets;
    }

    /** Ours. */
    public static Theme none() {
        return new Theme(Map.of());
    }

    /** What is in a folder, which need not be there; what cannot be a theme stops the start. */
    public static Theme read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return none();
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> !name(file).startsWith(".")).sorted().toList();
        }
        Map<String, Asset> assets = new TreeMap<>();
        for (Path file : files) {
            assets.put(name(file), asset(file));
        }
        if (assets.containsKey(SVG) && assets.containsKey(PNG)) {
            throw new ConfigurationRefused(folder.toString(), SVG + " and " + PNG + " are two logos; only one is used");
        }
        return new Theme(assets);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static Asset asset(Path file) throws IOException {
        String name = name(file);
        String type = TYPES.get(name);
        if (type == null || !Files.isRegularFile(file)) {
            throw new ConfigurationRefused(
                    file.toString(),
                    "is no part of a theme; allowed are the files " + String.join(", ", TYPES.keySet()));
        }
        if (!Files.isReadable(file)) {
            throw new ConfigurationRefused(file.toString(), "cannot be read");
        }
        if (Files.size(file) > MOST) {
            throw new ConfigurationRefused(file.toString(), "has " + Files.size(file) + " bytes; allowed are " + MOST);
        }
        byte[] content = Files.readAllBytes(file);
        if (!isWhatItIsCalled(name, content)) {
            throw new ConfigurationRefused(file.toString(), "is not what its name says, " + type);
        }
        return new Asset(name, type, content);
    }

    private static boolean isWhatItIsCalled(String name, byte[] content) {
        if (name.equals(PNG)) {
            return content.length > PNG_BEGINS.length
                    && Arrays.equals(content, 0, PNG_BEGINS.length, PNG_BEGINS, 0, PNG_BEGINS.length);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return name.equals(STYLE) || text.contains("<svg");
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    Optional<Asset> find(String name) {
        return Optional.ofNullable(assets.get(name));
    }

    /** The stylesheet that comes after ours, where there is one. */
    Optional<String> style() {
        return find(STYLE).map(Asset::name);
    }

    /** The logo, ours where there is no other. */
    String logo() {
        return find(SVG).or(() -> find(PNG)).map(Asset::name).orElse(OURS);
    }

    /** The media type of the logo. */
    String logoType() {
        return logo().equals(PNG) ? "image/png" : "image/svg+xml";
    }
}
