package miroir.simulator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import miroir.index.json.Utf8Buffer;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import miroir.simulator.fault.Faults;
import miroir.simulator.query.ResultPage;
import miroir.simulator.query.SearchRefused;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Sends what was asked for, unless something is to go wrong with it; and writes down what was sent. */
final class SendAnswer {
    private static final String TEXT = "text/plain";
    private static final int DEAD_LINKS = 1000;

    private final Faults faults;
    private final Journal journal;
    /** A link that died stays dead; the oldest are forgotten. */
    private final Map<String, FaultRule> deadLinks = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FaultRule> eldest) {
            return size() > DEAD_LINKS;
        }
    };

    SendAnswer(Faults faults, Journal journal) {
        this.faults = faults;
        this.journal = journal;
    }

    void send(Answer answer, Asked asked) throws IOException, InterruptedException {
        FaultRule fault = fault(answer, asked);
        if (fault == null) {
            sound(answer, asked, null);
        } else {
            faulty(answer, asked, fault);
        }
    }

    /** What the gateway says. */
    void plain(Answer answer, int status, String text) {
        fail(answer, null, status, TEXT, text);
    }

    void refuse(Answer answer, SearchRefused refused) {
        fail(answer, null, refused.status(), Answer.FHIR_JSON, outcome(refused.diagnostics()));
    }

    private @Nullable FaultRule fault(Answer answer, Asked asked) {
        FaultRule dead = deadLink(answer.address());
        return dead != null ? dead : faults.next(asked.target()).orElse(null);
    }

    private @Nullable FaultRule deadLink(String address) {
        synchronized (deadLinks) {
            return deadLinks.get(address);
        }
    }

    private void sound(Answer answer, Asked asked, @Nullable FaultRule fault) throws IOException {
        journal.add(new Journal.Entry(answer.method(), answer.address(), 200, nameOf(fault)));
        String type = fault != null && fault.fault() == Fault.WRONG_CONTENT_TYPE ? "text/html" : Answer.FHIR_JSON;
        ResultPage page = asked.page();
        if (page == null) {
            answer.send(200, type, asked.text());
        } else {
            answer.stream(
                    type, out -> page.write(out, asked.base(), self(answer), fault == null ? null : fault.fault()));
        }
    }

    private void faulty(Answer answer, Asked asked, FaultRule rule) throws IOException, InterruptedException {
        switch (rule.fault()) {
            case TOO_MANY_REQUESTS -> {
                if (rule.seconds() > 0) {
                    answer.headers().put(HttpHeader.RETRY_AFTER, String.valueOf(rule.seconds()));
                }
                fail(answer, rule, 429, TEXT, "Rate limit exceeded!");
            }
            case BAD_GATEWAY -> fail(answer, rule, 502, "", "");
            case GATEWAY_TIMEOUT -> fail(answer, rule, 504, "", "");
            case LINK_TOO_OLD, LINK_BAD, LINK_NOT_FOUND, LINK_GONE -> die(answer, rule);
            case CUT -> {
                journal.add(new Journal.Entry(answer.method(), answer.address(), 0, nameOf(rule)));
                answer.cut(Answer.FHIR_JSON, asked.whole(self(answer)));
            }
            case TRUNCATED -> {
                byte[] whole = asked.whole(self(answer));
                journal.add(new Journal.Entry(answer.method(), answer.address(), 200, nameOf(rule)));
                answer.stream(Answer.FHIR_JSON, out -> out.write(whole, 0, whole.length * 2 / 3));
            }
            case SLOW -> {
                Thread.sleep(1000L * Math.max(1, rule.seconds()));
                sound(answer, asked, rule);
            }
            case EXAMPLE -> {
                Examples.Example example = Examples.find(rule.file());
                fail(answer, rule, example.status(), Answer.FHIR_JSON, example.text());
            }
            default -> sound(answer, asked, rule);
        }
    }

    private void die(Answer answer, FaultRule rule) {
        synchronized (deadLinks) {
            deadLinks.put(answer.address(), rule);
        }
        int status = switch (rule.fault()) {
            case LINK_BAD -> 400;
            case LINK_NOT_FOUND -> 404;
            case LINK_GONE -> 410;
            default -> 500;
        };
        fail(
                answer,
                rule,
                status,
                Answer.FHIR_JSON,
                outcome("The url can't be processed. Maybe it is too old or corrupted."));
    }

    private void fail(Answer answer, @Nullable FaultRule rule, int status, String type, String text) {
        journal.add(new Journal.Entry(answer.method(), answer.address(), status, nameOf(rule)));
        answer.send(status, type, text);
    }

    private static String nameOf(@Nullable FaultRule rule) {
        return rule == null ? "" : rule.fault().text();
    }

    private static String self(Answer answer) {
        return "http://" + answer.host() + answer.address();
    }

    private static String outcome(String diagnostics) {
        Utf8Buffer text = new Utf8Buffer(256);
        text.putAscii(
                "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"exception\","
                        + "\"diagnostics\":");
        text.putQuoted(diagnostics);
        text.putAscii("}]}");
        return new String(text.toByteArray(), UTF_8);
    }
}
