package miroir.server.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import miroir.index.Refusal;
import miroir.server.routing.Router;

/** {@code [base]/.well-known/smart-configuration}: how applications get tokens that count here. */
public final class SmartConfigurationPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient TrustedIssuers issuers;

    public SmartConfigurationPage(TrustedIssuers issuers) {
        this.issuers = issuers;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = issuers.smartConfiguration()
                .map(JSONObjectUtils::toJSONString)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "there is no " + Router.SMART
                                + ": no issuer of tokens with scopes of SMART is configured here"))
                .getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
