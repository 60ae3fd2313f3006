import type { ClosureKind } from '../api/closures';
import type { Text } from '../language';

export const closureKinds = {
  closed: { ja: '通行止め', en: 'Closed', easy: 'とおれない' },
  winter: { ja: '冬期閉鎖', en: 'Closed for winter', easy: '冬の あいだ とおれない' },
  one_lane: { ja: '片側交互通行', en: 'One lane, alternating', easy: '一つの 車線（しゃせん）を かわりばんこに とおる' },
  restricted: { ja: '通行規制', en: 'Restricted', easy: 'とおる ときの きまりが ある' },
} as const satisfies Record<ClosureKind, Text>;

export const closureMessages = {
  title: { ja: '通行止め・規制', en: 'Closures', easy: 'とおれない 道' },
  inBrief: { ja: '規制の概要', en: 'Closures in brief', easy: 'とおれない 道の 数' },
  others: { ja: 'その他の規制', en: 'Other restrictions', easy: 'ほかの きまり' },
  loading: { ja: '規制情報を確認中…', en: 'Asking for closures…', easy: 'とおれない 道を しらべています…' },
  failed: {
    ja: '規制情報を取得できません。通れるとは限りません。',
    en: 'Closures cannot be fetched. Roads may be closed.',
    easy: 'とおれない 道が わかりません。とおれない 道が あるかも しれません。',
  },
  noneInView: {
    ja: '表示範囲に届いている規制情報はありません',
    en: 'No closure reported in view',
    easy: 'ここに とおれない 道の データは ありません',
  },
  notNow: { ja: '今は通行できます', en: 'Open at this hour', easy: '今は とおれます' },
  notYet: { ja: 'これから始まります', en: 'Not yet in force', easy: 'これから とおれなく なります' },
  reason: { ja: '理由', en: 'Reason', easy: 'どうして' },
  reasonUnknown: { ja: '理由の記載なし', en: 'No reason given', easy: 'どうしてかは わかりません' },
  since: { ja: '開始', en: 'Since', easy: 'はじまり' },
  until: { ja: '終了予定', en: 'Until', easy: 'おわり' },
  untilUnknown: { ja: '未定', en: 'not known', easy: 'まだ わかりません' },
  daily: { ja: '毎日', en: 'Daily', easy: '毎日' },
  heard: { ja: '情報の受信', en: 'Heard', easy: 'データが 来た 時間' },
  byHand: { ja: '担当者の入力', en: 'Entered by an official', easy: '道を まもる 人が 書きました' },
  byFeed: { ja: '管理者の公開情報', en: 'Published by the road manager', easy: '道を まもる ところの データ' },
  unplaced: {
    ja: '地図上の場所が特定できない規制',
    en: 'Closures whose place on the map is not known',
    easy: '地図の どこか わからない もの',
  },
  goThere: { ja: '地図で見る', en: 'Show on the map', easy: '地図で 見る' },
  placeUnknown: { ja: '場所の名称なし', en: 'Place not named', easy: '名前の ない ところ' },
} as const satisfies Record<string, Text>;
