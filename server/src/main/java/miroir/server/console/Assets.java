package miroir.server.console;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Router;

/** {@code /assets}: the stylesheet and the like. Pages name them with what they are now, so browsers may keep them for good. */
public final class Assets extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Map<String, String> TYPES = Map.of(
            "miroir.css", "text/css;charset=UTF-8",
            "miroir.js", "text/javascript;charset=UTF-8",
            "miroir.svg", "image/svg+xml");

    private static final Map<String, Asset> ALL = all();

    private static final class Asset {
        private final byte[] content;
        private final String digest;

        Asset(byte[] content, String digest) {
            this.content = content;
            this.digest = digest;
        }
    }

    private static Map<String, Asset> all() {
        Map<String, Asset> all = new LinkedHashMap<>();
        TYPES.keySet().forEach(name -> all.put(name, read(name)));
        return all;
    }

    private static Asset read(String name) {
        try (InputStream in = Objects.requireNonNull(Assets.class.getResourceAsStream("assets/" + name), name)) {
            byte[] content = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new Asset(content, HexFormat.of().formatHex(digest, 0, 6));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Where one is, below the root of a tenant. */
    static String path(String name) {
        return ConsolePaths.ASSETS + "/" + name + "?v=" + Objects.requireNonNull(ALL.get(name), name).digest;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = Objects.requireNonNullElse(request.getPathInfo(), "/");
        String name = path.substring(1);
        Asset asset = ALL.get(name);
        if (asset == null) {
            throw Router.noPage(request.getRequestURI());
        }
        boolean isThis = ("v=" + asset.digest).equals(request.getQueryString());
        response.setHeader("Cache-Control", isThis ? "public, max-age=31536000, immutable" : "no-cache");
        response.setContentType(Objects.requireNonNull(TYPES.get(name)));
        response.setContentLength(asset.content.length);
        response.getOutputStream().write(asset.content);
        Exchange.of(request).wrote(asset.content.length);
    }
}
