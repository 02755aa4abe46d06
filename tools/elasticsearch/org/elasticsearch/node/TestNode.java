package org.elasticsearch.node;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.ClusterName;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.index.analysis.PreConfiguredTokenizer;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.MockPluginsService;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.plugins.PluginsService;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.transport.TransportService;
import org.elasticsearch.transport.netty4.Netty4Plugin;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * One Elasticsearch node for tests, without its modules. Settings are arguments, {@code -Ekey=value}.
 *
 * <p>It is in Elasticsearch's own package because only that may choose the plugins. Standard output gets one line,
 * {@code ready HTTP_PORT TRANSPORT_PORT}, once HTTP answers; the log goes to standard error. The node lives until
 * SIGTERM or the end of standard input, so that it cannot outlive the process that started it.
 */
public final class TestNode extends Node {
    private TestNode(Environment environment) {
        super(NodeConstruction.prepareConstruction(environment, null, new NodeServiceProvider() {
            @Override
            PluginsService newPluginService(Environment env, PluginsLoader loader) {
                return new MockPluginsService(env.settings(), env, List.of(Netty4Plugin.class, Standins.class));
            }
        }, true));
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream output = System.out;
        System.setOut(System.err);
        Settings.Builder given = Settings.builder();
        for (String argument : arguments) {
            String[] setting = argument.substring("-E".length()).split("=", 2);
            given.put(setting[0], setting[1]);
        }
        Settings settings = given.build();
        LogConfigurator.configureWithoutConfig(settings);
        LogConfigurator.configureESLogging();
        Path config = Path.of(Environment.PATH_HOME_SETTING.get(settings), "config");
        TestNode node = new TestNode(new Environment(settings, config));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
                node.awaitClose(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
        node.start();
        int http = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
        int transport = node.injector().getInstance(TransportService.class).boundAddress().publishAddress().getPort();
        output.println("ready " + http + " " + transport);
        while (System.in.read() >= 0) {}
        System.exit(0);
    }

    /** The little that tests need of the modules, which every installed Elasticsearch has but nobody publishes. */
    public static final class Standins extends Plugin implements ActionPlugin, AnalysisPlugin {
        @Override
        public List<PreConfiguredTokenizer> getPreConfiguredTokenizers() {
            return List.of(
                PreConfiguredTokenizer.singleton("keyword", KeywordTokenizer::new),
                PreConfiguredTokenizer.singleton("whitespace", WhitespaceTokenizer::new)
            );
        }

        @Override
        public Collection<RestHandler> getRestHandlers(
            RestHandlersServices services, Supplier<DiscoveryNodes> nodes, Predicate<NodeFeature> features
        ) {
            return List.of(new Root());
        }
    }

    /** Answers a client's info() and ping(). */
    private static final class Root extends BaseRestHandler {
        @Override
        public String getName() {
            return "root";
        }

        @Override
        public List<Route> routes() {
            return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
        }

        @Override
        protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
            return channel -> {
                XContentBuilder answer = channel.newBuilder().startObject()
                    .field("name", NODE_NAME_SETTING.get(client.settings()))
                    .field("cluster_name", ClusterName.CLUSTER_NAME_SETTING.get(client.settings()).value())
                    .startObject("version").field("number", Build.current().version()).endObject()
                    .field("tagline", "You Know, for Search")
                    .endObject();
                channel.sendResponse(new RestResponse(RestStatus.OK, answer));
            };
        }
    }
}
