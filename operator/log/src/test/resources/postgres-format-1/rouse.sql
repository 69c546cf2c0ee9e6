-- A database of format 1 with one small log: the schema of V1 with the rows of the SQLite fixture. Never changed: it must stay readable.
SET standard_conforming_strings = on;
CREATE SCHEMA rouse;

CREATE TABLE rouse.logs (
  uid          text COLLATE "C" NOT NULL PRIMARY KEY,
  namespace    text    NOT NULL,
  session_name text    NOT NULL,
  head         bigint  NOT NULL,
  bytes        bigint  NOT NULL,
  deleted      boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70);

CREATE INDEX logs_deleted ON rouse.logs (uid) WHERE deleted;

CREATE TABLE rouse.commits (
  uid       text COLLATE "C" NOT NULL,
  first     bigint NOT NULL,
  last      bigint NOT NULL,
  append_id text   NOT NULL,
  body      text   NOT NULL,
  PRIMARY KEY (uid, first)
);

CREATE TABLE rouse.flyway_schema_history (
  installed_rank integer NOT NULL PRIMARY KEY,
  version        varchar(50),
  description    varchar(200)  NOT NULL,
  type           varchar(20)   NOT NULL,
  script         varchar(1000) NOT NULL,
  checksum       integer,
  installed_by   varchar(100)  NOT NULL,
  installed_on   timestamp     NOT NULL DEFAULT now(),
  execution_time integer       NOT NULL,
  success        boolean       NOT NULL
);
CREATE INDEX flyway_schema_history_s_idx ON rouse.flyway_schema_history (success);
INSERT INTO rouse.flyway_schema_history VALUES
  (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"rouse"', NULL, 'rouse', '2026-11-28 00:00:00', 0, true),
  (1, '1', 'logs', 'SQL', 'V1__logs.sql', -1230039252, 'rouse', '2026-11-28 00:00:00', 5, true);

INSERT INTO rouse.logs VALUES ('7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11', 'team-a', 'review', 13, 5970, false);
INSERT INTO rouse.commits VALUES ('7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11', 0, 2, 'create', '{"append_id":"create","principal":"system:serviceaccount:team-a:default","records":[{"seq":0,"at":"2026-03-01T10:00:00.000000Z","epoch":0,"event":{"type":"rouse.created","id":"sevt_79juGzevxcduYCEjcD3TZ8Bc","format":1,"session_uid":"7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11","namespace":"team-a","name":"review","thread_id":"sthr_primary","agent":{"id":"agent_1","version":1,"name":"Reviewer","model":{"id":"claude-sonnet"},"system":"Review.","tools":[]},"environment":{"image":"registry.example/tools:1"},"provider":{"name":"main","upstream_model":"claude-sonnet","max_tokens":8192},"title":"A review","metadata":{"team":"a"}}},{"seq":1,"at":"2026-03-01T10:00:00.000001Z","epoch":0,"event":{"type":"rouse.received","id":"sevt_ChX7Fab8uUzCeR9HoSNeTE53","event":{"type":"user.message","id":"sevt_p27hhwwY4DxnpkRxMX3UooSm","content":[{"type":"text","text":"Please review."}]}}},{"seq":2,"at":"2026-03-01T10:00:00.000002Z","epoch":0,"event":{"type":"session.status_running","id":"sevt_a5dQrD8qagaKPkYE1pwCcbK9"}}]}');
INSERT INTO rouse.commits VALUES ('7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11', 3, 3, 'append-1', '{"append_id":"append-1","records":[{"seq":3,"at":"2026-03-01T10:00:00.000003Z","epoch":0,"event":{"type":"session.thread_status_running","id":"sevt_aEiCKQJhaKr2U6tHfeEnTj49","session_thread_id":"sthr_primary","agent_name":"Reviewer"}}]}');
INSERT INTO rouse.commits VALUES ('7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11', 4, 7, 'append-2', '{"append_id":"append-2","records":[{"seq":4,"at":"2026-03-01T10:00:00.000004Z","epoch":1,"event":{"type":"rouse.woken","id":"sevt_dbcnehkUpSMJ7cV3LapnmCPx","epoch":1,"pod_uid":"pod-1","why":"first wake"}},{"seq":5,"at":"2026-03-01T10:00:00.000005Z","epoch":1,"event":{"type":"user.message","id":"sevt_p27hhwwY4DxnpkRxMX3UooSm","content":[{"type":"text","text":"Please review."}]}},{"seq":6,"at":"2026-03-01T10:00:00.000006Z","epoch":1,"event":{"type":"span.model_request_start","id":"sevt_s64rVjKz1p9rBe1dZp7B88Nd"}},{"seq":7,"at":"2026-03-01T10:00:00.000007Z","epoch":1,"event":{"type":"agent.tool_use","id":"sevt_X5n8t6HnaNXGjChgBFuJZRFF","name":"bash","input":{"command":"make test"},"evaluated_permission":"allow"}}]}');
INSERT INTO rouse.commits VALUES ('7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11', 8, 9, 'append-3', '{"append_id":"append-3","records":[{"seq":8,"at":"2026-03-01T10:00:00.000008Z","epoch":1,"event":{"type":"span.model_request_end","id":"sevt_C7QJ2qCatETEXKV2V3Sk9m3n","model_request_start_id":"sevt_s64rVjKz1p9rBe1dZp7B88Nd","is_error":null,"model_usage":{"input_tokens":100,"output_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":0}}},{"seq":9,"at":"2026-03-01T10:00:00.000009Z","epoch":1,"event":{"type":"agent.tool_result","id":"sevt_DBi5UgYNNjaa8dWZJBxX7sd3","tool_use_id":"sevt_X5n8t6HnaNXGjChgBFuJZRFF","content":[{"type":"text","text":"Sr\\d4LJ>MWLApo3XVJds5NuLwvh0EMwH^72o8H2mLyc0BYKK8\\^mhPR78rB6^_3>MrSSje;3cwXbduLc?FhUgK_QJTrvcE<1>TT?CY@wMl^VmhgcBM9B`uGI7C;e=FoboWU;4rP157kOqLSkML0SN;Dc\\fso;O\\<W;jl`Ufxia8L1uM9rT_ux`OReOQ5\\dtkEQU4;1M?iSefdc@EsJJK<TVwv40<v@]wmap7a5^HXajyvE0o5Gea7LpG`PPYe`>uQ35a@D39PAcDsltjMx88n;PQ<`0Y=ZPm6=`djhWo><l<4;Lf_CUEckioxyivIZ:O<LM;E2J>:fo\\XfKe?t6]:SHN`JuKt5A?aDZtDsoX684?uJwmR16Q06>hM0@wa30MbY443W<YKdOU04SZ@6h=pKrQoJTy9XV]xXj:wMv?Fd2MffcMyp\\LBdgZLN_r5dSLIM6g9X]TSJy\\O1<fO]UKOdvw]xhj6Ws2;YE;;p]]TJB[7rjGrcYQnBWS]AfFIwKCgD5UXkyV6Eo1u?RtN37qcjciL=EDdSI[W2G9@XQEer\\6t;Us0MGhdgnaPo^4vFg`\\]G[UMQfmQwEZk:B02rFrYsmj[`:r^NI_;b5=kbwA6[HSsbD>jZ8Hk^28QqR6jvdMe@DHnwo:aL5p@N]f_a16s4n@p\\AphrQas?:j8VxH`qR07mgIt?1CqGOjlukCUa8\\lc7tfhx9\\a_PW1^rWnL:3U96IZ]@4:ySV4HA=y3VMr;:F?PEJDO]6G@FW1xRmiSIwHf>CfEiFytb0=8OEGf61M:20;^Ae<V70UgKA@66qooEilTVfwxR_Og^o4ZKeXAOWou`L83^DB9ZdcJlRD>8RpV\\Ue`CfTQ@dX2Sr:FHVRojWLRB:r4hs7kR22nV[@MUudO]lOcVqWjc6BFP_CiTCbpdfOahJBlyA<eE12V<e9ZAvS7q]<S7TO`Syq:9mur6:X<pV0aopyj9bi[L`a`B`e0C]V7<gBB`<IvTDoSS:rwj_321pW7;rDP8M=GHYjp?xmh1m]lsJ\\INj><xCju;P^3gcdmkXi4W>u0]iO:016_ca737WKRmB>y39Ah`Yv5AXwAHuimoeoana1J72<9[N\\i<6B[N:IIKYrZ>T;9qvMTXvuj83LuNVUSrjJ]o07ob;cw`USa5LINqI@Gvf:O4YS\\Am;r;3@NVN0OY[7uLg5G6cYyU3HpS=Q96DVOm>?5gWgcUJvIsPwvPpcrWiTM[hOBHJB?6TLg\\Z4lLZhs;J@=gksGlZ`8po0]gh7EPOaHk[C5GH=mTr8ug?RhyJ:\\tIyoejsJRGUQU60@AVXP_xHvcGXN:Nn>vtY`OcndyTcj[fmhUpAl\\eXL\\wH_i@xKaq_c9Ixx]\\p1GQJk?d?y3D``JrDOG\\kf_W@c5sUTjXSn1iS[Qk:CUGZ6n=RAlmHuj\\]]I7M^S9xM;99o4fO\\[VVk3lw>8UmgNqgP=eBHGF[uPY=P?frR_4NWqfuxM0Q7[?oLiHN6rImZfjCfpSTcI=KWFP>Fq3Qx;Y;t04E]7Q=:LP>:_6<ddcyt;LI^J`q=kfDPN?Ic]K>;CENm5taId8?41_CyDw:GHhPr1SC1VHZg4_wFmoFZs0aFjx3udjjGR3vl1MQ\\BxD5VrCnyf4DnvYA6F<Ey6kI9F2j]Rh^D[`;4WgRDn:q`cJT<97D09kq@TeILSV<QaUkN@U@1okiaPjnMyW4J7t5RJuyZH`y9Raix8:iZ`Bps[vZJ\\c_P=jVdQdJp>l04EMIkuhXZxg\\kr]uQItvnY]rHYsTP`N>UIB@^qWba9LyOcegHZLAgWeb6sFKnXVH]TW:kK5bupJIua2cPcBR_PxcihS@cr^K79eqdimRfXqETkb:hqJUlpf2XPaswVLMcn9i[y7[n:esij187YSPkAsf=9e`E2\\IM`BZksh2A7`9FhUPgDSWVDw9Ifwy_mxT8hgUkT6p4uEoWg`4hxC\\@IlxBQ]HcuB8[mu]m\\50:28=k7lDULD<eJCM06Zvr;p`7Ni@WwsNWw3Lx[KcWm5?3Cb@I7@g]a2RFo4Yxh7M=Y]Zk7df2=M;l5X;;<U7t58gv66=TguZcEqmIC4uVCOjv3jyxQBN=8fMmr\\Bal>PtY^q0F_2r6@bjpt\\_peNGBM6^g27M6kr1xG2BhhGUigbErYB71wAZIgQ2q[=bATo\\mmko5kUa:?8x5p9uR><Ko_^Z\\3\\B;MUOV=t2n5Kue?2SwU_K[4?dAh;UO5jKgVAwd00MWFoJGLDK]vcQ@8LE9`kCUNUWQe@SZ]FBfK=LDAsW:Meh0De]WNEFOCg6UL7YqPc6:6kQFm5\\wP><k2<i:oOHc?]@9SM\\s>Qb]G^XK8Q_`yGLO3@k2cmxHe9AddDxCAek_FOTvu:Uq^]WAr_wwJ09c\\7<2iGpy`idrGrWDNZQlHQQpPOFNpBH@G==w1Qy`A15PFadhrAP10_CRtf^=5Ot^avrl[=qU1k0jmUPXE>IU0:y0TN\\8Wgqpm\\>yUL"}],"is_error":false}}]}');
INSERT INTO rouse.commits VALUES ('7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11', 10, 13, 'append-4', '{"append_id":"append-4","records":[{"seq":10,"at":"2026-03-01T10:00:00.000010Z","epoch":1,"event":{"type":"agent.message","id":"sevt_pZNXaEWnsYktJdQ698NX54oc","content":[{"type":"text","text":"All good."}]}},{"seq":11,"at":"2026-03-01T10:00:00.000011Z","epoch":1,"event":{"type":"session.thread_status_idle","id":"sevt_34F3C3zryUEnVDQEwQRc7KQ6","session_thread_id":"sthr_primary","agent_name":"Reviewer","stop_reason":{"type":"end_turn"},"stop_details":null}},{"seq":12,"at":"2026-03-01T10:00:00.000012Z","epoch":1,"event":{"type":"session.usage","id":"sevt_QNgc8o3chnfgqwdApW7nHA44","usage":{"input_tokens":0,"output_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0}}},{"seq":13,"at":"2026-03-01T10:00:00.000013Z","epoch":1,"event":{"type":"session.status_idle","id":"sevt_BMmHpzjRYgzKZpMb7rc3kDVM","stop_reason":{"type":"end_turn"},"stop_details":null}}]}');
