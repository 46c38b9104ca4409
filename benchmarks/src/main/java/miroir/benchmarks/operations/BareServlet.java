package miroir.benchmarks.operations;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import miroir.benchmarks.questions.ByHand;
import miroir.benchmarks.questions.Somebody;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import org.bson.RawBsonDocument;

/** The least that answers the operations: the same content, no FHIR around it. {@code /fhir/OPERATION/NUMBER?SINCE}, and {@code &POSITION} of a walk. */
final class BareServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int RESOURCE = 4096;

    private final transient ByDriver driver;
    private final transient List<Somebody> people;

    BareServlet(ByDriver driver, List<Somebody> people) {
        this.driver = driver;
        this.people = people;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        int slash = path.indexOf('/', 1);
        Operation operation = Operation.valueOf(path.substring(1, slash));
        Utf8Buffer body = answer(
                operation, path.substring(slash + 1), people.get(Integer.parseInt(path.substring(slash + 1))), request);
        response.setContentType("application/fhir+json;charset=UTF-8");
        response.setContentLength(body.size());
        body.writeTo(response.getOutputStream());
    }

    private Utf8Buffer answer(Operation operation, String number, Somebody about, HttpServletRequest request) {
        if (operation == Operation.READ) {
            Utf8Buffer out = new Utf8Buffer(RESOURCE);
            ResourceWriter.write(fhir(driver.read(about)), out, false);
            return out;
        }
        if (operation == Operation.COUNT) {
            Utf8Buffer out = new Utf8Buffer(RESOURCE);
            out.putAscii("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":" + driver.count() + "}");
            return out;
        }
        String query = request.getQueryString();
        int more = query.indexOf('&');
        String since = more < 0 ? query : query.substring(0, more);
        long after = more < 0 ? 0 : Long.parseLong(query.substring(more + 1));
        ByHand.Found found =
                driver.page(operation, about, Instant.parse(URLDecoder.decode(since, StandardCharsets.UTF_8)), after);
        return bundle(operation, "/fhir/" + operation + "/" + number + "?" + since, found);
    }

    private static Utf8Buffer bundle(Operation operation, String self, ByHand.Found found) {
        Utf8Buffer out = new Utf8Buffer(operation.page() * RESOURCE);
        out.putAscii("{\"resourceType\":\"Bundle\",\"type\":\"searchset\"");
        boolean isMore = found.matches().size() > operation.page();
        List<RawBsonDocument> shown = isMore ? found.matches().subList(0, operation.page()) : found.matches();
        if (isMore) {
            long last = shown.get(shown.size() - 1).getInt64("n").getValue();
            out.putAscii(",\"link\":[{\"relation\":\"next\",\"url\":\"" + self + "&" + last + "\"}]");
        }
        out.putAscii(",\"entry\":[");
        boolean isFirst = putAll(shown, "match", true, out);
        putAll(found.included(), "include", isFirst, out);
        out.putAscii("]}");
        return out;
    }

    private static boolean putAll(List<RawBsonDocument> all, String mode, boolean isFirst, Utf8Buffer out) {
        boolean first = isFirst;
        for (RawBsonDocument each : all) {
            RawBsonDocument resource = fhir(each);
            out.putAscii(first ? "{\"fullUrl\":" : ",{\"fullUrl\":");
            out.putQuoted("http://127.0.0.1/fhir/"
                    + resource.getString("resourceType").getValue() + "/"
                    + each.getString("_id").getValue());
            out.putAscii(",\"resource\":");
            ResourceWriter.write(resource, out, false);
            out.putAscii(",\"search\":{\"mode\":\"" + mode + "\"}}");
            first = false;
        }
        return first;
    }

    private static RawBsonDocument fhir(RawBsonDocument found) {
        return (RawBsonDocument) found.getDocument("fhir");
    }
}
