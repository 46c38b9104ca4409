package miroir.server.export;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.search.QueryParameter;
import miroir.index.structure.Structures;
import miroir.index.xml.ResourceXmlReader;
import miroir.server.format.Format;
import miroir.server.format.SentParameters;
import org.bson.RawBsonDocument;

/** The Parameters resource that an export may be asked for with, as if its values stood in the URL. */
final class ReadParameters {
    private final ResourceReader json;
    private final ResourceXmlReader xml;

    ReadParameters(int mostBytes, int depth) {
        ReadLimits limits = new ReadLimits(mostBytes, depth);
        this.json = new ResourceReader(Structures.r4(), limits);
        this.xml = new ResourceXmlReader(Structures.r4(), limits);
    }

    /** Those of a body, if there is one. */
    List<QueryParameter> of(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        return body.length == 0 ? List.of() : of(read(request.getHeader("Content-Type"), body));
    }

    private RawBsonDocument read(String contentType, byte[] body) {
        return Format.ofBody(contentType) == Format.XML ? xml.read(body) : json.read(body);
    }

    private static List<QueryParameter> of(RawBsonDocument sent) {
        List<QueryParameter> parameters = SentParameters.of(sent).stream()
                .map(each -> new QueryParameter(SentParameters.name(each), SentParameters.text(each)))
                .toList();
        parameters.forEach(QueryParameter::check);
        return parameters;
    }
}
