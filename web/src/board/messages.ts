import type { Bilingual } from '../language';

export const boardMessages = {
  title: { ja: '除雪本部', en: 'Snow board' },
  loading: { ja: '読み込み中…', en: 'Loading…' },
  unreachable: { ja: 'サーバーに接続できません。再試行しています。', en: 'The server cannot be reached. Retrying.' },
  notAvailable: { ja: '未接続', en: 'Not available' },
  notAvailableMeaning: {
    ja: 'このサーバーではまだ提供されていません',
    en: 'This server does not offer it yet',
  },
  staleSince: { ja: '更新停止', en: 'Not updated since' },
  map: { ja: '地図', en: 'Map' },
  driversMap: { ja: '公開地図', en: 'Public map' },

  email: { ja: 'メールアドレス', en: 'E-mail address' },
  password: { ja: 'パスワード', en: 'Password' },
  newPassword: { ja: '新しいパスワード（12文字以上）', en: 'New password (12 characters or more)' },
  signIn: { ja: 'サインイン', en: 'Sign in' },
  signOut: { ja: 'サインアウト', en: 'Sign out' },
  signOutEverywhere: { ja: 'すべての端末からサインアウト', en: 'Sign out everywhere' },
  wrongPassword: {
    ja: 'メールアドレスまたはパスワードが違います。',
    en: 'The address or the password is wrong.',
  },
  waitALittle: { ja: '少し待ってからもう一度お試しください。', en: 'Please wait a little and try again.' },
  invitation: { ja: 'パスワードを決めてください', en: 'Choose your password' },
  invitationOver: {
    ja: 'この招待は期限切れか、すでに使われています。管理者に新しい招待を頼んでください。',
    en: 'This invitation is over or was used. Ask your admin for a new one.',
  },
  savePassword: { ja: 'パスワードを保存', en: 'Save the password' },
  manager: { ja: '道路管理者', en: 'Road manager' },
  account: { ja: 'アカウント', en: 'Account' },

  sections: { ja: '画面の切り替え', en: 'Sections' },
  overview: { ja: '概況', en: 'Overview' },
  coverage: { ja: '除雪状況', en: 'Coverage' },
  data: { ja: 'データ', en: 'Data' },
  accounts: { ja: '利用者', en: 'People' },
  dispatches: { ja: '出動要請', en: 'Call-outs' },

  countOrdered: { ja: '発令', en: 'Ordered' },
  countUnanswered: { ja: '応答なし', en: 'No answer' },
  countStarted: { ja: '着手', en: 'Started' },
  countUnconfirmed: { ja: '未確認', en: 'Unconfirmed' },
  countImpossible: { ja: '不能', en: 'Impossible' },
  countAwaiting: { ja: '承認待ち', en: 'To approve' },
  units: { ja: '稼働車両', en: 'Units heard' },
  unitsOfDuty: { ja: '受信 / 出動予定', en: 'heard / on duty' },
  onDutyUnknown: { ja: '出動予定の届けなし', en: 'duty not told' },
  stationsAtThreshold: { ja: '基準観測点', en: 'Reference stations' },
  threshold: { ja: '基準', en: 'Threshold' },
  noThreshold: { ja: '基準の設定なし', en: 'no threshold set' },
  rules: { ja: '出動基準の判定', en: 'Threshold rules' },
  noRules: { ja: '出動基準は登録されていません', en: 'No rules' },
  lastLooked: { ja: '最終判定', en: 'Last looked' },
  askPerson: { ja: '判断を求めています', en: 'A person is asked' },
  deadline: { ja: '期限', en: 'Deadline' },
  noStations: { ja: '観測点はありません', en: 'No stations' },
  closures: { ja: '通行規制', en: 'Closures' },
  noClosures: { ja: '通行規制はありません', en: 'No closures' },
  feeds: { ja: '情報源', en: 'Data sources' },
  feedsAllFresh: { ja: 'すべて受信中', en: 'All live' },
  zones: { ja: '工区・路線の申告', en: 'Reports by zone' },

  close: { ja: '閉じる', en: 'Close' },
  cancel: { ja: 'やめる', en: 'Cancel' },
  record: { ja: '記録する', en: 'Record' },
  recorded: { ja: '記録しました', en: 'Recorded' },
  failed: { ja: '記録できませんでした', en: 'Could not be recorded' },

  drawClosure: { ja: '通行止めを引く', en: 'Draw a closure' },
  tapStart: { ja: '始点をタップ', en: 'Tap the start' },
  tapEnd: { ja: '終点をタップ', en: 'Tap the end' },
  noWayBetween: {
    ja: '二点をつなぐ道路が見つからないか、短すぎます。もう一度始点からタップしてください。',
    en: 'No way between the two was found, or it is too short. Tap the start again.',
  },
  closeThisWay: { ja: 'この区間を規制する', en: 'Close this way' },
  startAgain: { ja: '引き直す', en: 'Draw again' },
  kind: { ja: '種類', en: 'Kind' },
  reason: { ja: '理由', en: 'Reason' },
  until: { ja: '終了予定（空欄は未定）', en: 'Until (empty: not known)' },
  length: { ja: '延長', en: 'Length' },
  reopen: { ja: '規制を解除', en: 'Reopen' },
  reopenBy: { ja: '解除を決めた人', en: 'Who decided to reopen' },
  foreignClosure: {
    ja: '他の情報源による規制です。ここでは解除できません。',
    en: 'From another source: it cannot be reopened here.',
  },
  since: { ja: '開始', en: 'Since' },
  recordedBy: { ja: '記録者', en: 'Recorded by' },

  report: { ja: '申告を記録', en: 'Record a report' },
  reportedMark: { ja: '申告', en: 'Reported' },
  zoneOrRoute: { ja: '工区または路線', en: 'Zone or route' },
  otherZone: { ja: 'その他の工区・路線', en: 'Another zone or route' },
  state: { ja: '状態', en: 'State' },
  saidBy: { ja: '相手の氏名（電話の相手など）', en: 'Who said so (as on the telephone)' },
  unitsOut: { ja: '出動台数', en: 'Units out' },
  note: { ja: '備考', en: 'Note' },
  noReport: { ja: '申告なし', en: 'no report' },

  byManager: { ja: '道路管理者別', en: 'By road manager' },
  byPriority: { ja: '優先度別', en: 'By priority' },
  byZone: { ja: '工区別', en: 'By zone' },
  priority: { ja: '優先度', en: 'Priority' },
  emergencyRoute: { ja: '緊急確保路線', en: 'Emergency route' },
  noPriority: { ja: '指定なし', en: 'None set' },
  ownerUnknown: { ja: '管理者不明', en: 'Owner unknown' },
  zone: { ja: '工区', en: 'Zone' },
  noZones: { ja: '工区の登録はありません', en: 'No zones' },
  totalKm: { ja: '延長 km', en: 'Length km' },
  doneShare: { ja: '除雪済み', en: 'Done' },
  doneMeaning: {
    ja: '「除雪済み」は、状況が分かる道路のうち今は除雪の要らない割合です。データなし・未確認・通行止め・対象外・消融雪は分母に入りません。',
    en: '“Done” is the share, of roads whose state is known, that needs no plow now. No data, unconfirmed, closed, off plan and melting roads do not count.',
  },
  missed: { ja: '未除雪の道路', en: 'Missed roads' },
  noneMissed: { ja: '未除雪の道路はありません', en: 'No missed roads' },
  missedMore: { ja: 'ほかにもあります（先頭のみ表示）', en: 'There are more; the first are shown' },
  late: { ja: '期限超過', en: 'Overdue' },
  noneLate: { ja: '期限超過はありません', en: 'None overdue' },
  road: { ja: '道路', en: 'Road' },
  unnamedRoad: { ja: '名称のない道路', en: 'Unnamed road' },
  lastCleared: { ja: '最終除雪', en: 'Last cleared' },
  neverCleared: { ja: '記録なし', en: 'never' },

  stations: { ja: '観測点', en: 'Stations' },
  station: { ja: '観測点', en: 'Station' },
  quantity: { ja: '項目', en: 'Quantity' },
  value: { ja: '値', en: 'Value' },
  flag: { ja: '品質', en: 'Quality' },
  observedAt: { ja: '観測時刻', en: 'Observed' },
  plans: { ja: '除排雪予定', en: 'Plans' },
  noPlans: { ja: '予定はありません', en: 'No plans' },
  work: { ja: '作業', en: 'Work' },
  from: { ja: '開始', en: 'From' },
  to: { ja: '終了', en: 'Until' },
  place: { ja: '場所', en: 'Place' },
  rejections: { ja: '不採用データ', en: 'Quarantine' },
  noRejections: { ja: '不採用データはありません', en: 'Nothing was rejected' },
  feed: { ja: '情報源', en: 'Source' },
  field: { ja: '欄', en: 'Field' },
  rawRecord: { ja: '元の記録', en: 'Record' },
  times: { ja: '回数', en: 'Times' },
  lastSeen: { ja: '最新', en: 'Last seen' },
  none: { ja: 'ありません', en: 'None' },

  name: { ja: '氏名', en: 'Name' },
  role: { ja: '権限', en: 'Role' },
  invite: { ja: '利用者を招待', en: 'Invite a person' },
  invitationLink: {
    ja: '招待のリンク（一度だけ表示。本人に渡してください。72時間有効）',
    en: 'Invitation link (shown once; hand it to the person; holds for 72 hours)',
  },
  inviteAgain: { ja: '新しい招待', en: 'New invitation' },
  remove: { ja: '外す', en: 'Remove' },
  invited: { ja: '招待中', en: 'Invited' },
  active: { ja: '有効', en: 'Active' },
  disabled: { ja: '停止中', en: 'Disabled' },
  viewerOnly: { ja: '閲覧のみの権限です', en: 'You may only look' },
} as const satisfies Record<string, Bilingual>;

export const roles = {
  viewer: { ja: '閲覧', en: 'Viewer' },
  operator: { ja: '操作', en: 'Operator' },
  admin: { ja: '管理', en: 'Admin' },
} as const satisfies Record<string, Bilingual>;

export const reportedStates = {
  ordered: { ja: '出動指令', en: 'Ordered' },
  accepted: { ja: '電話で出動可', en: 'Accepted by telephone' },
  started: { ja: '作業開始', en: 'Started' },
  done: { ja: '作業完了', en: 'Done' },
  impossible: { ja: '不能', en: 'Impossible' },
} as const satisfies Record<string, Bilingual>;

/** What a rule has found in a zone. */
export const ruleOutcomes = {
  quiet: { ja: '基準未満', en: 'Below' },
  off_season: { ja: '期間外', en: 'Off season' },
  counting: { ja: '基準到達・確認中', en: 'Reached, counting' },
  waiting: { ja: '時刻待ち', en: 'Waiting for the hour' },
  round_open: { ja: '基準以上', en: 'Crossed' },
  stood_down: { ja: '解除', en: 'Stood down' },
  doubt: { ja: '判定できず', en: 'In doubt' },
} as const satisfies Record<string, Bilingual>;

export const closureKinds = {
  closed: { ja: '通行止め', en: 'Closed' },
  winter: { ja: '冬期閉鎖', en: 'Closed for winter' },
  one_lane: { ja: '片側交互通行', en: 'One lane' },
  restricted: { ja: '通行規制', en: 'Restricted' },
} as const satisfies Record<string, Bilingual>;

export const quantities = {
  depth_cm: { ja: '積雪深 cm', en: 'Snow depth cm' },
  snowfall_1h_cm: { ja: '1時間降雪量 cm', en: 'Snowfall in 1 h, cm' },
  snowfall_6h_cm: { ja: '6時間降雪量 cm', en: 'Snowfall in 6 h, cm' },
  snowfall_12h_cm: { ja: '12時間降雪量 cm', en: 'Snowfall in 12 h, cm' },
  snowfall_24h_cm: { ja: '24時間降雪量 cm', en: 'Snowfall in 24 h, cm' },
  temperature_c: { ja: '気温 ℃', en: 'Temperature °C' },
  wind_speed_m_per_s: { ja: '風速 m/s', en: 'Wind m/s' },
  wind_from_deg: { ja: '風向 °', en: 'Wind from °' },
  precipitation_10m_mm: { ja: '10分降水量 mm', en: 'Precipitation in 10 min, mm' },
  precipitation_1h_mm: { ja: '1時間降水量 mm', en: 'Precipitation in 1 h, mm' },
  precipitation_3h_mm: { ja: '3時間降水量 mm', en: 'Precipitation in 3 h, mm' },
  precipitation_24h_mm: { ja: '24時間降水量 mm', en: 'Precipitation in 24 h, mm' },
  road_temperature_c: { ja: '路面温度 ℃', en: 'Road temperature °C' },
} as const satisfies Record<string, Bilingual>;

export const qualityFlags = {
  pass: { ja: '正常', en: 'Pass' },
  suspect: { ja: '疑わしい', en: 'Suspect' },
  fail: { ja: '異常', en: 'Fail' },
  missing: { ja: '欠測', en: 'Missing' },
} as const satisfies Record<string, Bilingual>;

/** The word for an interface's name; the name itself where a newer server knows more. */
export function wordOf(words: Readonly<Record<string, Bilingual>>, name: string): Bilingual {
  return words[name] ?? { ja: name, en: name };
}
