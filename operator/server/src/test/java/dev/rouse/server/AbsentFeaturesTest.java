package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.server.TestClient.Answer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not there yet is refused by name, with a way that works and the page with its status. */
class AbsentFeaturesTest extends SessionsApiFixture {

  private static final String PAGE = "docs/compatibility.md#";

  private String session;

  @BeforeEach
  void session() {
    for (String kind : List.of("agents", "environments")) {
      for (String verb : List.of("create", "list", "get", "update", "delete")) {
        reviews.grant("ci", verb + " " + kind, FakeCluster.NAMESPACE);
      }
    }
    session = made("");
  }

  static List<ContractMethod> absentMethods() {
    return ContractMethod.all().stream().filter(it -> !it.isServed()).toList();
  }

  @Tag("contract-absent")
  @ParameterizedTest
  @MethodSource("absentMethods")
  void aMethodThatIsNotThereIsRefusedByName(ContractMethod method) {
    // Given
    String path =
        method
            .path()
            .replace("{s}", session)
            .replace("{e}", environment)
            .replaceAll("\\{\\w+}", "x");
    // When
    Answer answer = client.method(method.verb(), path);
    // Then
    assertError(answer, 501, "invalid_request_error", PAGE);
    assertThat(answer.header("x-should-retry")).contains("false");
  }

  @Tag("contract-absent")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/agents|{'name':'a','model':'m','skills':[{'type':'custom','skill_id':'s'}]}|skills",
        "/v1/agents|{'name':'a','model':'m','mcp_servers':[{'type':'url','name':'n','url':'https://a.b'}]}|mcp",
        "/v1/agents|{'name':'a','model':'m','tools':[{'type':'mcp_toolset','mcp_server_name':'n'}]}|mcp",
        "/v1/agents|{'name':'a','model':'m','multiagent':{'type':'coordinator','agents':['AGENT']}}|rosters",
        "/v1/agents|{'name':'a','model':'m','multiagent':{'type':'multiagent_20261001'}}|rosters",
        "/v1/agents|{'name':'a','model':'m','tools':[{'type':'agent_toolset_20260401','configs':[{'name':'web_search'}]}]}|web-search",
        "/v1/agents|{'name':'a','model':'m','tools':[{'type':'agent_toolset_20260401','configs':[{'name':'web_fetch','enabled':true}]}]}|web-fetch",
        "/v1/agents|{'name':'a','model':'m','execution_identity':{'type':'aws_role','role_arn':'r'}}|aws-role",
        "/v1/environments|{'name':'e','config':{'type':'cloud','packages':{'pip':['numpy']}}}|packages",
        "/v1/environments|{'name':'e','config':{'type':'cloud','networking':{'type':'limited','allowed_hosts':['a.b']}}}|allowed-hosts",
        "/v1/environments|{'name':'e','scope':'account'}|account-scope",
        "/v1/sessions|{'agent':'AGENT','environment_id':'ENV','resources':[{'type':'file','file_id':'f'}]}|resources",
        "/v1/sessions|{'agent':'AGENT','environment_id':'ENV','resources':[{'type':'memory_store','memory_store_id':'m'}]}|resources",
        "/v1/sessions|{'agent':'AGENT','environment_id':'ENV','vault_ids':['vlt_1']}|vaults",
        "/v1/sessions|{'agent':{'type':'agent_with_overrides','id':'AGENT','skills':[{'type':'custom','skill_id':'s'}]},'environment_id':'ENV'}|skills",
        "/v1/sessions|{'agent':{'type':'agent_with_overrides','id':'AGENT','mcp_servers':[{'type':'url','name':'n','url':'u'}]},'environment_id':'ENV'}|mcp",
        "/v1/sessions|{'agent':{'type':'agent_with_overrides','id':'AGENT','tools':[{'type':'mcp_toolset','mcp_server_name':'n'}]},'environment_id':'ENV'}|mcp",
        "/v1/sessions|{'agent':'AGENT','environment_id':'ENV','initial_events':[{'type':'user.define_outcome','description':'d'}]}|outcomes",
        "/v1/sessions/SESSION|{'agent':{'mcp_servers':[{'type':'url','name':'n','url':'u'}]}}|mcp",
        "/v1/sessions/SESSION|{'agent':{'tools':[{'type':'mcp_toolset','mcp_server_name':'n'}]}}|mcp",
        "/v1/sessions/SESSION/events|{'events':[{'type':'user.define_outcome','description':'d'}]}|outcomes",
        "/v1/sessions/SESSION/events|{'events':[{'type':'user.message','content':[{'type':'image','source':{'type':'file','file_id':'f'}}]}]}|files",
        "/v1/sessions/SESSION/events|{'events':[{'type':'user.message','content':[{'type':'document','source':{'type':'file','file_id':'f'}}]}]}|files",
      })
  void aFieldThatRefersToItIsRefusedByName(String path, String body, String anchor) {
    // When
    Answer answer = post(path.replace("SESSION", session), body);
    // Then
    assertError(answer, 400, "invalid_request_error", PAGE + anchor + ")");
    assertThat(cluster.sessions()).as("nothing was made").hasSize(1);
  }

  @Tag("contract-absent")
  @ParameterizedTest
  @CsvSource({"deployment_id=depl_1,deployments", "memory_store_id=memstore_1,memory-stores"})
  void aFilterThatRefersToItIsRefusedByName(String query, String anchor) {
    // When
    Answer answer = client.get(SESSIONS + "?" + query);
    // Then
    assertError(answer, 400, "invalid_request_error", PAGE + anchor + ")");
  }
}
